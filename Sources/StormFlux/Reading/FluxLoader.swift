/// Why a file could not be read.
package struct FluxReadFailure: Error, Sendable {
    package let text: String
    package let isMissing: Bool

    package init(_ text: String, isMissing: Bool = false) {
        self.text = text
        self.isMissing = isMissing
    }
}

/// Reads a YAML topology with all that it includes. Does no I/O of its own.
package struct FluxLoader: Sendable {
    static let filesMax = 64
    static let includeDepthMax = 16

    package var substitution = FluxSubstitution()
    /// Gives the text of a file, or of a resource of the jar.
    package var read: @Sendable (_ path: String, _ isResource: Bool) throws(FluxReadFailure) -> String

    package init(
        substitution: FluxSubstitution = FluxSubstitution(),
        read: @escaping @Sendable (_ path: String, _ isResource: Bool) throws(FluxReadFailure) -> String
    ) {
        self.substitution = substitution
        self.read = read
    }

    /// The checked topology.
    /// - Parameter further: what else is wrong with a topology that has faults; not asked about one that has none.
    /// - Throws: `FluxFaults` with everything that is wrong.
    package func load(
        _ path: String, isResource: Bool = false, further: (FluxTopology, [FluxFault]) -> [FluxFault] = { _, _ in [] }
    ) throws(FluxFaults) -> FluxTopology {
        var run = Run(loader: self)
        let document = run.document(path, isResource: isResource, above: [], including: nil)
        guard let document else { throw FluxFaults(run.faults) }
        var topology = FluxTopology(document, notices: run.notices)
        let faults = run.faults + topology.check()
        guard faults.isEmpty else { throw FluxFaults(faults + further(topology, faults)) }
        return topology
    }

    /// One load: faults and notices of all files.
    private struct Run {
        let loader: FluxLoader
        var faults: [FluxFault] = []
        var notices: [FluxFault] = []
        private var files = 0

        init(loader: FluxLoader) { self.loader = loader }

        /// The document with its includes merged in; nil when the file cannot be read at all, which is a fault.
        mutating func document(
            _ path: String, isResource: Bool, above: [String], including: FluxInclude?
        ) -> FluxDocument? {
            var path = path
            let text: String
            do throws(FluxReadFailure) {
                text = try read(&path, isResource, beside: including?.place.file)
            } catch {
                let place = including?.place
                faults.append(FluxFault(place, including.map { "\($0.path).file" } ?? "", error.text))
                return nil
            }
            let identity = (isResource ? "resource:" : "") + Self.normal(path)
            guard !above.contains(identity) else {
                let circle = (above.drop { $0 != identity } + [identity]).joined(separator: " -> ")
                faults.append(FluxFault(including?.place, including?.path ?? "", "includes go in a circle: \(circle)"))
                return nil
            }
            files += 1
            guard above.count < FluxLoader.includeDepthMax, files <= FluxLoader.filesMax else {
                let what =
                    "more than \(FluxLoader.filesMax) files, or \(FluxLoader.includeDepthMax) levels, of includes"
                faults.append(FluxFault(including?.place, including?.path ?? "", what))
                return nil
            }
            let (replaced, told) = loader.substitution.apply(text, file: path)
            notices += told
            guard var document = parse(replaced, path) else { return nil }
            for include in document.includes {
                guard
                    let included = self.document(
                        include.file, isResource: include.isResource, above: above + [identity],
                        including: include)
                else { continue }
                if !included.workerHooks.isEmpty {
                    let what = "worker hooks of an included file are left out, as with Flux"
                    notices.append(FluxFault(include.place, include.path, what))
                }
                document.merge(included, overrides: include.overrides)
            }
            return document
        }

        /// From the working directory, as with Flux; else beside the file that includes it, which changes `path`.
        private func read(
            _ path: inout String, _ isResource: Bool, beside file: String?
        ) throws(FluxReadFailure) -> String {
            do throws(FluxReadFailure) {
                return try loader.read(path, isResource)
            } catch {
                guard error.isMissing, !path.hasPrefix("/"), let file, let slash = file.lastIndex(of: "/") else {
                    throw error
                }
                let other = file[...slash] + path
                do throws(FluxReadFailure) {
                    let text = try loader.read(String(other), isResource)
                    path = String(other)
                    return text
                } catch let second {
                    throw second.isMissing ? error : second
                }
            }
        }

        private mutating func parse(_ text: String, _ path: String) -> FluxDocument? {
            do throws(FluxFaults) {
                guard let node = try FluxYAML.parse(text, file: path) else {
                    faults.append(FluxFault(FluxPlace(path, 1), "", "the file says nothing"))
                    return nil
                }
                var reader = FluxDocumentReader()
                let document = reader.document(node)
                faults += reader.reader.faults
                return document
            } catch {
                faults += error.faults
                return nil
            }
        }

        /// Without `.` and `..`, for comparison.
        private static func normal(_ path: String) -> String {
            var parts: [Substring] = []
            for part in path.split(separator: "/") where part != "." {
                if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
            }
            return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
        }
    }
}

extension FluxDocument {
    /// Takes in what an included file says, by Flux's rules: what is there stays, or is replaced with `overrides`;
    /// streams are added always; worker hooks stay out.
    mutating func merge(_ other: FluxDocument, overrides: Bool) {
        if let otherName = other.name, name == nil || overrides { name = otherName }
        func merged<T>(_ own: [T], _ others: [T], _ key: (T) -> String) -> [T] {
            var all = own
            for item in others {
                if let index = own.firstIndex(where: { key($0) == key(item) }) {
                    if overrides { all[index] = item }
                } else {
                    all.append(item)
                }
            }
            return all
        }
        config = merged(config, other.config) { $0.key }
        // A file may use the components of what it includes, so those are built first.
        let own = components
        components = merged(own, other.components) { $0.id }
        components = Array(components[own.count...] + components[..<own.count])
        spouts = merged(spouts, other.spouts) { $0.id }
        bolts = merged(bolts, other.bolts) { $0.id }
        streams += other.streams
        hasName = hasName || other.hasName
        hasSpouts = hasSpouts || other.hasSpouts
    }
}
