import StormConsole
import StormCore
import StormRuntime
import StormThrift
import Testing

@Suite struct TapOptionsTests {
    private var topology: Thrift.StormTopology {
        func common(_ streams: [String: [String]]) -> Thrift.ComponentCommon {
            var common = Thrift.ComponentCommon()
            common.streams = streams.mapValues { Thrift.StreamInfo(outputFields: $0, direct: false) }
            return common
        }
        var split = common(["default": ["word"]])
        split.inputs = [Thrift.GlobalStreamId(componentID: "lines", streamID: "default"): .shuffle]
        return Thrift.StormTopology(
            spouts: [
                "lines": Thrift.SpoutSpec(
                    spoutObject: .serializedJava([]), common: common(["default": ["line", "id"], "done": ["spout"]]))
            ], bolts: ["split": Thrift.Bolt(boltObject: .serializedJava([]), common: split)], stateSpouts: [:])
    }

    private func fault(_ change: (inout TapOptions) -> Void) -> String? {
        var options = TapOptions(topology: "wc", component: "lines")
        change(&options)
        do throws(CommandFailure) {
            try options.checkFilter()
            try options.check(topology)
            return nil
        } catch {
            return error.message
        }
    }

    @Test func whatIsThereCanBeTapped() {
        #expect(fault { _ in } == nil)
        #expect(fault { $0.stream = "done" } == nil)
        #expect(fault { $0.filter = "id=7" } == nil)
        #expect(fault { ($0.component, $0.isInput, $0.filter) = ("split", true, "line~storm") } == nil)
        #expect(fault { ($0.component, $0.isInput, $0.stream) = ("split", true, "lines:default") } == nil)
    }

    @Test func whatIsNotThereIsNamed() {
        #expect(fault { $0.component = "nobody" } == "there is no component nobody; there are lines, split")
        #expect(fault { $0.stream = "x" } == "lines has no stream x; there are default, done")
        #expect(fault { $0.filter = "word=7" } == "--where word=7: there is no such field; there are id, line, spout")
        #expect(fault { $0.isInput = true } == "lines is a spout: it receives nothing; leave --input out")
        #expect(fault { $0.filter = "word" } == "--where word: it must be FIELD=VALUE or FIELD~PATTERN")
        #expect(fault { $0.filter = "id~(" } == "--where id~(: a ( without its )")
    }

    @Test func aSampleIsALine() {
        let sample = TapSample(
            sequence: 1, timeMilliseconds: 1_763_700_000_123, component: "split", stream: "default", task: 4,
            names: ["word", "count", "text"], values: ["storm", 3, "two words"])
        #expect(TapLine.text(sample) == #"04:40:00.123  split:default#4  word=storm count=3 text="two words""#)
        let line = TapLine(sample, WorkerPlace(host: "h", port: 6700))
        #expect(line.fields == ["word": "storm", "count": 3, "text": "two words"])
    }
}
