import StormDaemon

/// Standard output and standard error, a line at a time and never held back.
enum Output {
    private static let sink = DescriptorSink(descriptor: 1)

    static func line(_ text: String) { sink.write(text + "\n") }

    static func errorLine(_ text: String) { DescriptorSink.standardError.write(text + "\n") }
}
