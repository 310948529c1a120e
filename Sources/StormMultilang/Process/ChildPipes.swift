import CStormSystem
import Glibc

/// The pipes to and from a child, and this side's way with them. Confined to the thread that serves the child.
final class ChildPipes {
    /// This side's ends; -1 once closed. None of them blocks. `input` and `output` carry the protocol.
    private(set) var input: Int32 = -1
    private(set) var output: Int32 = -1
    private(set) var errors: Int32 = -1
    /// With the channel: the child's standard output, which is for people.
    private(set) var prints: Int32 = -1
    /// The channel as long as the child has not chosen it.
    private(set) var channelInput: Int32 = -1
    private(set) var channelOutput: Int32 = -1
    /// The child's ends, until it has started.
    private(set) var childInput: Int32 = -1
    private(set) var childOutput: Int32 = -1
    private(set) var childErrors: Int32 = -1
    private(set) var childChannelInput: Int32 = -1
    private(set) var childChannelOutput: Int32 = -1
    let hasChannel: Bool
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)

    init(hasChannel: Bool) throws(MultilangError) {
        self.hasChannel = hasChannel
        (childInput, input) = try Self.make(storm_pipe_to_child)
        do {
            (output, childOutput) = try Self.make(storm_pipe)
            (errors, childErrors) = try Self.make(storm_pipe)
            if hasChannel {
                (childChannelInput, channelInput) = try Self.make(storm_pipe_to_child)
                (channelOutput, childChannelOutput) = try Self.make(storm_pipe)
            }
        } catch {
            closeAll()
            throw error
        }
    }

    deinit { closeAll() }

    private static func make(_ call: (UnsafeMutablePointer<Int32>?) -> Int32) throws(MultilangError) -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        let result = ends.withUnsafeMutableBufferPointer { call($0.baseAddress) }
        guard result == 0 else { throw MultilangError("no pipe for a child process: error \(-result); see ulimit -n") }
        return (ends[0], ends[1])
    }

    func closeChildEnds() {
        Self.close(&childInput)
        Self.close(&childOutput)
        Self.close(&childErrors)
        Self.close(&childChannelInput)
        Self.close(&childChannelOutput)
    }

    /// From now on the protocol is spoken on the channel.
    func useChannel() {
        Self.close(&input)
        prints = output
        (input, output) = (channelInput, channelOutput)
        (channelInput, channelOutput) = (-1, -1)
    }

    /// The child speaks on its standard input and output.
    func dropChannel() {
        Self.close(&channelInput)
        Self.close(&channelOutput)
    }

    func closeInput() { Self.close(&input) }
    func closeOutput() { Self.close(&output) }
    func closeErrors() { Self.close(&errors) }
    func closePrints() { Self.close(&prints) }

    private func closeAll() {
        closeChildEnds()
        closeInput()
        closeOutput()
        closeErrors()
        closePrints()
        dropChannel()
    }

    private static func close(_ descriptor: inout Int32) {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }

    enum ReadResult {
        case bytes([UInt8])
        /// Nothing just now.
        case nothing
        case end
    }

    /// At most 64 KiB of what the child wrote.
    func read(_ descriptor: Int32) -> ReadResult {
        while descriptor >= 0 {
            let got = Glibc.read(descriptor, &chunk, chunk.count)
            if got > 0 { return .bytes(Array(chunk[..<got])) }
            if got == 0 { return .end }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .nothing : .end
        }
        return .end
    }

    /// Writes what fits. - Returns: bytes written; nil: the child does not read any more.
    func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        while input >= 0 {
            let put = bytes.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
            if put >= 0 { return put }
            if errno == EINTR { continue }
            return errno == EAGAIN ? 0 : nil
        }
        return nil
    }
}
