/// What a cached tree knows and what it has to read next. Pure: answers and watch events in, reads to do out.
///
/// Every node down to the depth has a data watch, every node above the last level a child watch. A watch that fires
/// makes its part of the node dirty; a dirty part is read again, which sets the watch again. However many changes come
/// meanwhile, one read shows them all, so a storm of changes costs no memory and few reads.
struct CachedTreeState: Sendable {
    /// One readable part of a node.
    struct Part: Hashable, Sendable {
        let path: String
        let kind: WatchKind
    }

    /// What an answer led to.
    struct Effect: Hashable, Sendable {
        /// The snapshot is another one now.
        var isChanged = false
        /// Parts that are no longer followed: their watches can go.
        var dropped: [Part] = []
    }

    let root: String
    let depth: Int
    /// Whether only another node or other data is a change, not a write that leaves them the same.
    let ignoresStat: Bool
    private(set) var nodes: [String: NodeContents] = [:]
    /// Children of the nodes whose list was read, by the node's path.
    private var childNames: [String: Set<String>] = [:]
    /// Nodes whose child list was read and is watched.
    private var listed: Set<String> = []
    private var followed: Set<String>
    private var dirty: Set<Part> = []
    /// Dirty parts, oldest first, from `head` on; some of them may not be dirty any more.
    private var order: [Part] = []
    private var head = 0
    private var reading: Set<Part> = []
    /// Parts being read that were dropped meanwhile, and with them the watch that the read sets.
    private var stale: Set<Part> = []

    init(root: String, depth: Int, ignoresStat: Bool = false) {
        self.root = root
        self.depth = depth
        self.ignoresStat = ignoresStat
        followed = [root]
        markDirty(Part(path: root, kind: .data))
    }

    /// Whether everything that was noticed has been read.
    var isCurrent: Bool { dirty.isEmpty && reading.isEmpty }
    var readingCount: Int { reading.count }
    /// Whether something could be read now.
    var hasWork: Bool { !dirty.isEmpty }

    func isFollowed(_ part: Part) -> Bool { followed.contains(part.path) }

    /// The next part to read, which then counts as being read until its answer; oldest first. Amortised O(1), as long as
    /// few parts become dirty while they are being read.
    mutating func next() -> Part? {
        var postponed: [Part] = []
        defer {
            head -= postponed.count
            for (offset, part) in postponed.enumerated() { order[head + offset] = part }
        }
        while head < order.count {
            let part = order[head]
            head += 1
            guard dirty.contains(part) else { continue }
            if reading.contains(part) {
                postponed.append(part)
                continue
            }
            dirty.remove(part)
            reading.insert(part)
            return part
        }
        return nil
    }

    /// The part's watch has fired, or was lost.
    mutating func changed(_ part: Part) {
        if followed.contains(part.path) { markDirty(part) }
    }

    mutating func read(_ path: String, _ contents: NodeContents) -> Effect {
        let part = Part(path: path, kind: .data)
        if let effect = endRead(part) { return effect }
        let old = nodes.updateValue(contents, forKey: path)
        let isChanged = old.map { isOther($0, contents) } ?? true
        let list = Part(path: path, kind: .children)
        if hasListedChildren(path), !listed.contains(path), !reading.contains(list) { markDirty(list) }
        return Effect(isChanged: isChanged)
    }

    mutating func read(_ path: String, children names: [String]) -> Effect {
        let part = Part(path: path, kind: .children)
        if let effect = endRead(part) { return effect }
        listed.insert(path)
        let new = Set(names)
        let gone = (childNames[path] ?? []).subtracting(new)
        childNames[path] = new
        var effect = Effect()
        for name in gone { unfollow(ZNodePath.join(path, name), &effect) }
        for name in new {
            let child = ZNodePath.join(path, name)
            if followed.insert(child).inserted { markDirty(Part(path: child, kind: .data)) }
        }
        return effect
    }

    /// There is no such node (any more).
    mutating func missing(_ part: Part) -> Effect {
        if let effect = endRead(part) { return effect }
        var effect = Effect()
        if part.kind == .children {
            // The node may be gone, or may have been made again since. A read of its data that was asked after this one and
            // answered before it would prove nothing, so the data are read once more, and decide.
            listed.remove(part.path)
            if nodes[part.path] != nil { markDirty(Part(path: part.path, kind: .data)) }
            return effect
        }
        if part.path == root {
            for name in childNames.removeValue(forKey: root) ?? [] { unfollow(ZNodePath.join(root, name), &effect) }
            listed.remove(root)
            if nodes.removeValue(forKey: root) != nil { effect.isChanged = true }
        } else {
            unfollow(part.path, &effect)
            if let parent = ZNodePath.parent(of: part.path) {
                childNames[parent]?.remove(ZNodePath.name(of: part.path))
                // A younger list that has the node again may have been answered before this: the list decides.
                if followed.contains(parent) { markDirty(Part(path: parent, kind: .children)) }
            }
        }
        return effect
    }

    /// The read failed for another reason and has to be repeated.
    mutating func failed(_ part: Part) {
        reading.remove(part)
        stale.remove(part)
        changed(part)
    }

    /// Notes that a read has ended. Returns what to do instead of using it when its node was dropped meanwhile: should the
    /// node be followed again already, the part has no watch and is read once more.
    private mutating func endRead(_ part: Part) -> Effect? {
        reading.remove(part)
        if stale.remove(part) != nil, followed.contains(part.path) {
            markDirty(part)
            return Effect()
        }
        return followed.contains(part.path) ? nil : Effect(dropped: [part])
    }

    private func isOther(_ old: NodeContents, _ new: NodeContents) -> Bool {
        ignoresStat ? old.data != new.data || old.stat.createdZxid != new.stat.createdZxid : old != new
    }

    private func hasListedChildren(_ path: String) -> Bool { ZNodePath.depth(of: path, below: root) < depth }

    private mutating func markDirty(_ part: Part) {
        if part.kind == .children { listed.remove(part.path) }
        guard dirty.insert(part).inserted else { return }
        if head > 1024, head * 2 > order.count {
            order.removeFirst(head)
            head = 0
        }
        order.append(part)
    }

    private mutating func unfollow(_ path: String, _ effect: inout Effect) {
        guard followed.remove(path) != nil else { return }
        for part in [Part(path: path, kind: .data), Part(path: path, kind: .children)] {
            effect.dropped.append(part)
            dirty.remove(part)
            if reading.contains(part) { stale.insert(part) }
        }
        listed.remove(path)
        if nodes.removeValue(forKey: path) != nil { effect.isChanged = true }
        for name in childNames.removeValue(forKey: path) ?? [] { unfollow(ZNodePath.join(path, name), &effect) }
    }
}
