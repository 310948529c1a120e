import Synchronization

/// The pages of one process, from several sources that may come one after the other; `/` lists them. Any thread.
package final class PageBoard: PageSource {
    private let heading: String
    private let sources = Mutex<[any PageSource]>([])

    /// - Parameter heading: whose pages they are, in a line.
    package init(_ heading: String) { self.heading = heading }

    /// Of two sources with the same page, the one that was added first answers.
    package func add(_ source: any PageSource) { sources.withLock { $0.append(source) } }

    package var titles: [PageTitle] { sources.withLock { $0 }.flatMap(\.titles) }

    package func page(_ path: String, query: [String: String]) async -> Page? {
        if path == "/" { return .index(heading, titles) }
        for source in sources.withLock({ $0 }) {
            if let page = await source.page(path, query: query) { return page }
        }
        return nil
    }
}
