import StormConsole
import Testing

@Suite struct ProgressTests {
    @Test func aTransferIsABarWithAPercentageAndARate() {
        let text = ProgressLine.text("uploading wc", sent: 30_000_000, total: 120_000_000, elapsed: .seconds(2))
        #expect(text == "uploading wc  [######..................] 25 %  30.0 MB of 120.0 MB  15.0 MB/s")
    }

    @Test func withoutATotalOnlyTheBytesAreShown() {
        #expect(ProgressLine.text("x", sent: 1500, total: nil, elapsed: .zero) == "x  1.5 kB")
        #expect(ProgressLine.text("x", sent: 999, total: 0, elapsed: .zero) == "x  999 B")
    }

    @Test func moreThanThereIsCountsAsAll() {
        #expect(ProgressLine.text("x", sent: 11, total: 10, elapsed: .zero).contains("] 100 %"))
    }

    @Test func sizesHaveDecimalUnits() {
        #expect(ProgressLine.size(999_949) == "999.9 kB" && ProgressLine.size(5_000_000_000_000) == "5000.0 GB")
    }

    @Test func withoutATerminalNothingIsShown() {
        let said = Lines()
        let line = LiveLine(isOn: false) { said.add($0) }
        line.show { _ in "x" }
        line.clear()
        #expect(said.all.isEmpty)
    }

    @Test func aLineIsShownNotTooOftenAndTakenAway() {
        let said = Lines()
        let progress = UploadProgress("wc", totalBytes: 4, line: LiveLine(isOn: true) { said.add($0) })
        progress.show(sentBytes: 1)
        progress.show(sentBytes: 2)
        progress.end()
        progress.end()
        #expect(said.all.count == 2)
        #expect(said.all[0].hasPrefix("\r\u{1B}[Kuploading wc  [######") && said.all[1] == "\r\u{1B}[K")
    }
}
