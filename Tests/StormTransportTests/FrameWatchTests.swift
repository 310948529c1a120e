import Logging
import NIOCore
import NIOEmbedded
import StormWire
import Testing

@testable import StormTransport

/// A frame whose length is wrong must not hold a connection for ever: simulation, seed 2027.
struct FrameWatchTests {
    @Test func frameThatIsStillThereAtTheNextLookIsStuck() {
        var watch = FrameWatch()
        let begun = [0, 7, 9].map { watch.began(pendingBytes: $0) }
        #expect(begun == [false, true, false])
        let outcome = watch.look(pendingBytes: 20)
        #expect(outcome == .stuck)
    }

    @Test func framesThatGoOnAreNotStuck() {
        var watch = FrameWatch()
        let isFirst = watch.began(pendingBytes: 7)
        watch.completed()
        let goingOn = watch.look(pendingBytes: 3)
        watch.completed()
        let done = watch.look(pendingBytes: 0)
        let isFirstAgain = watch.began(pendingBytes: 1)
        #expect(isFirst && goingOn == .lookAgain && done == .nothingWaits && isFirstAgain)
    }

    @Test func confirmationsWithAWrongLengthEndTheConnection() throws {
        let decoder = ByteToMessageHandler(FrameDecoder(maxFrameBytes: 1024, timeout: .seconds(30)))
        let channel = EmbeddedChannel(handler: decoder)
        var bytes = ControlFrame.confirmations([1], ByteBufferAllocator())
        bytes.setInteger(UInt32(600), at: 0, endianness: .little)
        try channel.writeInbound(bytes)
        channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        try channel.throwIfErrorCaught()
        channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(throws: WireError.self) { try channel.throwIfErrorCaught() }
    }
}
