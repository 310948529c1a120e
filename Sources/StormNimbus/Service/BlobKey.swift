/// Storm's rule for the keys of blobs.
package enum BlobKey {
    /// Word characters of any script, spaces, tabs, `.`, `_` and `-`; not `.` or `..` alone, and not empty.
    package static func isValid(_ key: String) -> Bool {
        !key.isEmpty && key != "." && key != ".." && key.unicodeScalars.allSatisfy(isAllowed)
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", ".", "_", "-": return true
        default: break
        }
        let properties = scalar.properties
        if properties.isAlphabetic || properties.isJoinControl { return true }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark, .decimalNumber, .connectorPunctuation: return true
        default: return false
        }
    }
}
