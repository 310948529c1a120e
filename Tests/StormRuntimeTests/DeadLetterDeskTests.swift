import Logging
import StormCore
import StormTestKit
import StormTopology
import StormWire
import Testing

@testable import StormRuntime

@Suite struct DeadLetterDeskTests {
    private func letter(_ number: Int) -> DeadLetter {
        DeadLetter(
            id: "1-\(number)", topologyID: "t", component: "s", task: TaskID(1), messageID: "\(number)",
            stream: .default, fields: ["a"], values: [.int(number)], attempts: 1, history: [], timeMilliseconds: 0)
    }

    @Test func writesEachLetterOnceInOrderAndTellsTheSender() async {
        let store = InMemoryDeadLetterStore(lettersMax: 3)
        let desk = DeadLetterDesk(store, pause: .zero, logger: .silent)
        let results = Observed<[String]>([])
        for number in 0..<5 {
            desk.add(letter(number)) { result in
                results.update { list in
                    switch result {
                    case .success: list.append("\(number) kept")
                    case .failure(let error): list.append("\(number) \(error.code == .full)")
                    }
                }
            }
        }
        desk.finish()
        await desk.run()
        #expect(results.value == ["0 kept", "1 kept", "2 kept", "3 true", "4 true"])
        #expect(store.all.map(\.id) == ["1-0", "1-1", "1-2"])
    }

    @Test func whatDoesNotFitIsRefusedAtOnceAndNothingIsForgotten() async {
        let desk = DeadLetterDesk(InMemoryDeadLetterStore(), pause: .zero, logger: .silent)
        let refused = Observed(0)
        let told = Observed(0)
        let count = DeadLetterDesk.capacity + 10
        for number in 0..<count {
            desk.add(letter(number)) { result in
                told.update { $0 += 1 }
                if case .failure(let error) = result, error.code == .busy { refused.update { $0 += 1 } }
            }
        }
        #expect(refused.value == 10 && told.value == 10)
        desk.finish()
        await desk.run()
        #expect(told.value == count && refused.value == 10)
        desk.add(letter(0)) { result in
            if case .failure(let error) = result, error.code == .unavailable { refused.update { $0 += 1 } }
        }
        #expect(refused.value == 11)
    }

    @Test func aFullStoreStillReplacesALetterThatItHas() async throws {
        let store = InMemoryDeadLetterStore(lettersMax: 1)
        try await store.add(letter(1))
        var again = letter(1)
        again.attempts = 9
        try await store.add(again)
        #expect(try await store.get("1-1")?.attempts == 9)
        await #expect(throws: DeadLetterError.self) { try await store.add(letter(2)) }
        try await store.remove("1-1")
        try await store.remove("1-1")
        #expect(try await store.list().isEmpty)
    }
}
