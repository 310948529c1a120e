/// The work of `WordCount` as one would write it without a stream processor: the same sentences, the same splitting, the
/// same dictionary of counts.
enum WordCountLoop {
    static func run(seconds: Double) -> ReferenceResult {
        let sentences = Sentences.generate(count: 4096, seed: 7)
        var counts: [String: Int] = [:]
        var words = 0
        let meter = ReferenceMeter()
        while meter.seconds < seconds {
            for sentence in sentences {
                var sentence = sentence
                sentence.withUTF8 { text in
                    Words.each(text) { word in
                        words += Words.count(String(decoding: word, as: UTF8.self), &counts) > 0 ? 1 : 0
                    }
                }
            }
        }
        return meter.result("word-count-loop", "words", words)
    }
}
