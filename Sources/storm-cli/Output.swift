import StormDaemon

/// Standard output, a line at a time and never held back.
enum Output {
    private static let sink = DescriptorSink(descriptor: 1)

    static func line(_ text: String) { sink.write(text + "\n") }
}
