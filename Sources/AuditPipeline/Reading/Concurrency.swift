/// Runs `work` on every item, at most `limit` at a time, and hands each result over as it comes; the
/// caller sorts.
func forEachConcurrently<Item: Sendable, Output: Sendable>(
  _ items: [Item], limit: Int, work: @escaping @Sendable (Item) -> Output,
  receive: (Output) -> Void
) async {
  await withTaskGroup(of: Output.self) { group in
    var next = items.startIndex
    while next < items.endIndex, next < max(limit, 1) {
      let item = items[next]
      group.addTask { work(item) }
      next += 1
    }
    for await output in group {
      receive(output)
      if next < items.endIndex {
        let item = items[next]
        group.addTask { work(item) }
        next += 1
      }
    }
  }
}
