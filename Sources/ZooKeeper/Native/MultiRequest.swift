internal import CZooKeeper

/// A `multi` on its way: the C operations and result slots, which must stay where they are until the completion.
///
/// Made for one sending, then owned by the completion's context, which frees it. Only one thread at a time touches it:
/// the sender until the library has it, then the completion.
final class MultiRequest {
    private let call: Call
    private let operations: [MultiOperation]
    private let chroot: Chroot
    private let native: UnsafeMutablePointer<zoo_op_t>
    private let results: UnsafeMutablePointer<zoo_op_result_t>
    private let stats: UnsafeMutablePointer<Stat>
    /// Everything else the operations point at.
    private var memory: [UnsafeMutableRawPointer] = []

    /// Bytes beyond the given path for the number of a sequential node and the terminating zero.
    private static let sequenceBytes = 16

    private init(call: Call, operations: [MultiOperation], chroot: Chroot) {
        self.call = call
        self.operations = operations
        self.chroot = chroot
        native = .allocate(capacity: operations.count)
        results = .allocate(capacity: operations.count)
        stats = .allocate(capacity: operations.count)
        native.initialize(repeating: zoo_op_t(), count: operations.count)
        results.initialize(repeating: zoo_op_result_t(), count: operations.count)
        stats.initialize(repeating: Stat(), count: operations.count)
        for index in operations.indices { fill(index) }
    }

    deinit {
        for pointer in memory { pointer.deallocate() }
        native.deallocate()
        results.deallocate()
        stats.deallocate()
    }

    /// Sends `operations` as the request of the call in `callContext`.
    static func send(
        _ operations: [MultiOperation], chroot: Chroot, _ pointer: OpaquePointer,
        _ callContext: UnsafeMutableRawPointer
    ) -> Int32 {
        let call = Unmanaged<Call>.fromOpaque(callContext)
        let request = MultiRequest(call: call.takeUnretainedValue(), operations: operations, chroot: chroot)
        let context = Unmanaged.passRetained(request)
        let code = zoo_amulti(
            pointer, Int32(operations.count), request.native, request.results, onNativeMulti, context.toOpaque())
        if code == 0 {
            // From here on the request holds the call; the reference made for a plain completion is given back.
            call.release()
        } else {
            context.release()
        }
        return code
    }

    /// Answers the call. Callback thread.
    func completed(_ code: Int32) {
        if code != 0, let failed = operations.indices.first(where: { results[$0].err == code }) {
            call.end(
                .failure(
                    ZooKeeperError(
                        ZooKeeperError.Code(rawValue: code), "multi " + operations[failed].name,
                        path: operations[failed].path, failedIndex: failed)))
        }
        finishNative(call, code, code == 0 ? .multi(operations.indices.map(result)) : nil)
    }

    private func result(_ index: Int) -> MultiResult {
        switch operations[index].kind {
        case .create: .created(results[index].value.map { chroot.relative(String(cString: $0)) } ?? "")
        case .set: .set(NodeStat(stats[index]))
        case .delete: .deleted
        case .check: .checked
        }
    }

    private func fill(_ index: Int) {
        let absolute = chroot.absolute(operations[index].path)
        let path = keep(makeCString(absolute))
        let slot = native + index
        switch operations[index].kind {
        case .check(let version): zoo_check_op_init(slot, path, version)
        case .delete(let version): zoo_delete_op_init(slot, path, version)
        case .set(let data, let version):
            zoo_set_op_init(slot, path, keepBytes(data), Int32(data.count), version, stats + index)
        case .create(let data, let mode, let acl):
            let bytes = absolute.utf8.count + Self.sequenceBytes
            let made = keep(UnsafeMutablePointer<CChar>.allocate(capacity: bytes))
            made.initialize(repeating: 0, count: bytes)
            zoo_create_op_init(
                slot, path, keepBytes(data), Int32(data.count), keepACL(acl), mode.flags, made, Int32(bytes))
        }
    }

    private func keep<Element>(_ pointer: UnsafeMutablePointer<Element>) -> UnsafeMutablePointer<Element> {
        memory.append(UnsafeMutableRawPointer(pointer))
        return pointer
    }

    private func keepBytes(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar> {
        let copy = keep(UnsafeMutablePointer<CChar>.allocate(capacity: max(1, bytes.count)))
        for (index, byte) in bytes.enumerated() { (copy + index).initialize(to: CChar(bitPattern: byte)) }
        return copy
    }

    private func keepACL(_ acl: [AccessControl]) -> UnsafeMutablePointer<ACL_vector> {
        let entries = keep(UnsafeMutablePointer<ACL>.allocate(capacity: max(1, acl.count)))
        for (index, entry) in acl.enumerated() {
            let id = Id(scheme: keep(makeCString(entry.scheme)), id: keep(makeCString(entry.id)))
            (entries + index).initialize(to: ACL(perms: entry.permissions.rawValue, id: id))
        }
        let vector = keep(UnsafeMutablePointer<ACL_vector>.allocate(capacity: 1))
        vector.initialize(to: ACL_vector(count: Int32(acl.count), data: entries))
        return vector
    }
}
