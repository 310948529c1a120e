internal import CZooKeeper
internal import Glibc

// The C library's way into Swift. All of these are nonisolated functions of the file, never closures: a closure
// inherits the isolation of the place where it is written and would trap on the library's threads. Each copies what it
// is given and hands it on; no user code runs here, nothing blocks.

/// The watcher of a handle and of all its watches. Completion thread of the library.
func onNativeEvent(
    _ pointer: OpaquePointer?, _ type: Int32, _ state: Int32, _ path: UnsafePointer<CChar>?,
    _ context: UnsafeMutableRawPointer?
) {
    guard let context else { return }
    let handle = Unmanaged<NativeHandle>.fromOpaque(context).takeUnretainedValue()
    if type == Int32(CZK_EVENT_SESSION) {
        handle.sessionEvent(state)
    } else if let path {
        handle.watchFired(type, path: String(cString: path))
    }
}

func onNativeVoid(_ code: Int32, _ context: UnsafeRawPointer?) {
    complete(context, code) { .done }
}

func onNativeStat(_ code: Int32, _ stat: UnsafePointer<Stat>?, _ context: UnsafeRawPointer?) {
    complete(context, code) { stat.map { .stat(NodeStat($0.pointee)) } }
}

func onNativeData(
    _ code: Int32, _ bytes: UnsafePointer<CChar>?, _ count: Int32, _ stat: UnsafePointer<Stat>?,
    _ context: UnsafeRawPointer?
) {
    complete(context, code) {
        guard let stat else { return nil }
        // A node without data has a count of -1.
        let buffer = UnsafeRawBufferPointer(
            start: count > 0 ? bytes : nil, count: bytes == nil ? 0 : max(0, Int(count)))
        return .data([UInt8](buffer), NodeStat(stat.pointee))
    }
}

func onNativeChildren(
    _ code: Int32, _ names: UnsafePointer<String_vector>?, _ stat: UnsafePointer<Stat>?, _ context: UnsafeRawPointer?
) {
    complete(context, code) {
        guard let names, let stat else { return nil }
        let vector = UnsafeBufferPointer(start: names.pointee.data, count: Int(names.pointee.count))
        return .children(vector.compactMap { $0.map { String(cString: $0) } }, NodeStat(stat.pointee))
    }
}

func onNativePathAndStat(
    _ code: Int32, _ path: UnsafePointer<CChar>?, _ stat: UnsafePointer<Stat>?, _ context: UnsafeRawPointer?
) {
    complete(context, code) {
        guard let path else { return nil }
        return .path(String(cString: path), stat.map { NodeStat($0.pointee) } ?? NodeStat())
    }
}

func onNativePath(_ code: Int32, _ path: UnsafePointer<CChar>?, _ context: UnsafeRawPointer?) {
    complete(context, code) { .path(path.map { String(cString: $0) } ?? "", NodeStat()) }
}

func onNativeACL(
    _ code: Int32, _ acl: UnsafeMutablePointer<ACL_vector>?, _ stat: UnsafeMutablePointer<Stat>?,
    _ context: UnsafeRawPointer?
) {
    complete(context, code) {
        guard let acl, let stat else { return nil }
        let vector = UnsafeBufferPointer(start: acl.pointee.data, count: Int(acl.pointee.count))
        let entries = vector.map { entry in
            AccessControl(
                AccessControl.Permissions(rawValue: entry.perms), scheme: String(cString: entry.id.scheme),
                id: String(cString: entry.id.id))
        }
        return .acl(entries, NodeStat(stat.pointee))
    }
}

/// Completion of `multi`: the context is a `MultiRequest`, whose call is completed with what its buffers hold.
func onNativeMulti(_ code: Int32, _ context: UnsafeRawPointer?) {
    guard let context else { return }
    let request = Unmanaged<MultiRequest>.fromOpaque(context).takeUnretainedValue()
    request.completed(code)
}

/// Completion of `add_auth`. May run on the library's I/O thread with the library's own lock held: it takes no lock but
/// the call's.
func onNativeAuth(_ code: Int32, _ context: UnsafeRawPointer?) {
    guard let context else { return }
    let call = Unmanaged<Call>.fromOpaque(context).takeRetainedValue()
    if code == 0 { call.end(.success(.done)) } else { call.fail(ZooKeeperError.Code(rawValue: code)) }
}

/// Completion of requests nobody waits for.
func onNativeIgnored(_ code: Int32, _ context: UnsafeRawPointer?) {}

func nativeErrno() -> Int32 { errno }

/// Answers the call that is the context. The handle that sent it keeps it alive until then.
private func complete(_ context: UnsafeRawPointer?, _ code: Int32, _ reply: () -> Reply?) {
    guard let context else { return }
    finishNative(Unmanaged<Call>.fromOpaque(context).takeUnretainedValue(), code, code == 0 ? reply() : nil)
}

/// Answers a call on the handle that sent it.
func finishNative(_ call: Call, _ code: Int32, _ reply: Reply?) {
    guard let sent = call.takeSent() else { return }
    let isMalformed = code == 0 && reply == nil
    sent.handle.answered(
        call, sentAt: sent.at, code: isMalformed ? ZMARSHALLINGERROR.rawValue : code, reply: reply)
}
