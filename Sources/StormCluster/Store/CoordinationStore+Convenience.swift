extension CoordinationStore {
    /// Creates every missing ancestor of `path`, persistent and empty, but not `path` itself.
    package func createParents(of path: String) async throws {
        for parent in NodePath.ancestors(of: path) { try await ensure(parent) }
    }

    /// Creates `path` (persistent and empty) and its ancestors where missing.
    package func createDirectory(_ path: String) async throws {
        try await createParents(of: path)
        try await ensure(path)
    }

    private func ensure(_ path: String) async throws {
        if try await exists(path) { return }
        do {
            try await create(path, [], mode: .persistent)
        } catch let error as CoordinationError where error.code == .nodeExists {
            // Somebody else was quicker: that is what we wanted.
        }
    }

    /// Answers to many questions, in their order, several under way at a time: for what would otherwise take a round trip
    /// each. The first error ends it.
    package func each<Question: Sendable, Answer: Sendable>(
        of questions: [Question], _ ask: @escaping @Sendable (Question) async throws -> Answer
    ) async throws -> [Answer] {
        let lanes = min(CoordinationLimits.lanes, questions.count)
        return try await withThrowingTaskGroup(of: [(Int, Answer)].self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var answers: [(Int, Answer)] = []
                    for index in stride(from: lane, to: questions.count, by: lanes) {
                        answers.append((index, try await ask(questions[index])))
                    }
                    return answers
                }
            }
            var all = [Answer?](repeating: nil, count: questions.count)
            for try await answers in group {
                for (index, answer) in answers { all[index] = answer }
            }
            return all.compactMap { $0 }
        }
    }

    /// The nodes at these paths, in order; nil: there is none.
    package func get(_ paths: [String]) async throws -> [VersionedData?] {
        // Wrapped, so that a missing node is an answer like any other.
        try await each(of: paths) { [try await get($0)] }.map { $0[0] }
    }

    /// Deletes `path` with everything below it, children first. Nothing there is fine. Not atomic: a crash in between
    /// leaves the upper part, and calling it again finishes the work.
    package func deleteRecursively(_ path: String) async throws {
        // Somebody may add children while we delete; a bounded number of rounds keeps this finite.
        for _ in 0..<8 {
            do {
                for child in try await children(path) { try await deleteRecursively(NodePath.join(path, child)) }
                return try await delete(path, expectedVersion: nil)
            } catch let error as CoordinationError where error.code == .noNode {
                if try await !exists(path) { return }
            } catch let error as CoordinationError where error.code == .notEmpty {
                continue
            }
        }
        throw CoordinationError(.notEmpty, path, detail: "children keep appearing while it is being deleted")
    }

    /// Deletes `path` with its children, which have none, in one step: it is there with all of them or not at all. Nothing
    /// there is fine.
    package func deleteWithChildren(_ path: String) async throws {
        // Children may come and go while we look; a bounded number of attempts keeps this finite.
        for _ in 0..<8 {
            do {
                let children = try await children(path).map { NodePath.join(path, $0) }
                try await multi((children + [path]).map { .delete(path: $0, expectedVersion: nil) })
                return
            } catch let error as CoordinationError where error.code == .noNode || error.code == .notEmpty {
                if try await !exists(path) { return }
            }
        }
        throw CoordinationError(.notEmpty, path, detail: "children keep appearing while it is being deleted")
    }

    /// The participant that leads the election at `path`: the one with the lowest counter. Nil when there is none.
    package func currentLeader(_ path: String) async throws -> String? {
        do {
            let first = try await children(path).min { NodePath.sequence(of: $0) < NodePath.sequence(of: $1) }
            guard let first, let data = try await get(NodePath.join(path, first)) else { return nil }
            return String(decoding: data.bytes, as: UTF8.self)
        } catch let error as CoordinationError where error.code == .noNode {
            return nil
        }
    }
}
