/// Help as it is printed: the example last, where the eye rests.
enum HelpText {
  /// Moves the paragraph that starts with "Example:" from above the usage to the end.
  static func endingWithExample(_ text: String) -> String {
    var paragraphs = text.split(separator: "\n\n", omittingEmptySubsequences: true).map(String.init)
    guard let index = paragraphs.firstIndex(where: { $0.hasPrefix("Example:\n") }) else {
      return text
    }
    paragraphs.append(paragraphs.remove(at: index))
    return paragraphs.map { paragraph in
      paragraph.last == "\n" ? String(paragraph.dropLast()) : paragraph
    }.joined(separator: "\n\n")
  }
}
