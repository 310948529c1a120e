import Glibc

extension JSONReader {
    /// Reads a number as a field: an int if it is written as one and 64 bits hold it, a big integer if they do not, else a
    /// double.
    mutating func number(into out: inout FieldBuffer) throws(MultilangError) {
        let start = position
        let isNegative = take(UInt8(ascii: "-"))
        if isNegative, position < bytes.count, bytes[position] == UInt8(ascii: "I") {
            try literal("Infinity")
            return out.double(-.infinity)
        }
        var magnitude: UInt64 = 0
        var fits = true
        let digits = takeDigits { digit in
            let (times, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = times.addingReportingOverflow(UInt64(digit))
            if overflow || carry { fits = false }
            magnitude = sum
        }
        guard digits > 0 else { throw unexpected("this is no value") }
        let isInteger = try takeFraction()
        if isInteger {
            if fits, isNegative, magnitude <= UInt64(Int64.max) + 1 {
                return out.int(Int64(truncatingIfNeeded: 0 &- magnitude))
            }
            if fits, !isNegative, magnitude <= UInt64(Int64.max) { return out.int(Int64(magnitude)) }
            return out.bigInteger(
                isNegative: isNegative, UnsafeRawBufferPointer(rebasing: bytes[(position - digits)..<position]))
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text) else { throw unexpected("'\(text)' is no number") }
        out.double(value)
    }

    /// - Returns: whether there is neither a fraction nor an exponent.
    private mutating func takeFraction() throws(MultilangError) -> Bool {
        var isInteger = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            guard takeDigits({ _ in }) > 0 else { throw unexpected("a number ends with its point") }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard takeDigits({ _ in }) > 0 else { throw unexpected("a number ends within its exponent") }
        }
        return isInteger
    }

    private mutating func takeDigits(_ body: (UInt8) -> Void) -> Int {
        let start = position
        while position < bytes.count {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            body(digit)
            position += 1
        }
        return position - start
    }
}
