import Testing

@testable import AccessLogReader

@Suite struct JSONTokenizerTests {
  /// Tokens as text, pieces of one string or scalar put together.
  static func tokens(_ text: String, block: Int = 1 << 16) -> [String] {
    var tokenizer = JSONTokenizer()
    var result: [String] = []
    var joins = false
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + block)
      bytes[start..<end].withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        let part = Bytes(base, buffer.count)
        var position = 0
        while let token = tokenizer.next(part, &position) {
          let wasJoining = joins
          joins = false
          switch token {
          case .open(let byte), .close(let byte): result.append(String(UnicodeScalar(byte)))
          case .colon: result.append(":")
          case .comma: result.append(",")
          case .quote(let isOpening): result.append(isOpening ? "<" : ">")
          case .text(let piece), .scalar(let piece):
            if wasJoining {
              result[result.count - 1] += piece.text
            } else {
              result.append(piece.text)
            }
            joins = true
          }
        }
      }
      start = end
    }
    return result
  }

  static let text = #" {"a" : [1.5e3, true ,"x \" { ] , : \\", "" ],"\\":"\\\"\u0041"}"#
  static let expected = [
    "{", "<", "a", ">", ":", "[", "1.5e3", ",", "true", ",", "<", #"x \" { ] , : \\"#, ">", ",",
    "<", ">", "]", ",", "<", #"\\"#, ">", ":", "<", #"\\\"\u0041"#, ">", "}",
  ]

  /// Wherever blocks end, also between a backslash and what it escapes.
  @Test(arguments: [1, 2, 3, 5, 8, 1 << 16])
  func tokensDoNotDependOnBlocks(block: Int) {
    #expect(Self.tokens(Self.text, block: block) == Self.expected)
  }

  @Test func longStringsAreFewPieces() {
    let long = String(repeating: "a", count: 10_000)
    #expect(Self.tokens("\"\(long)\"") == ["<", long, ">"])
  }

  @Test func captureIsTheTextWithoutSpace() {
    var capture = JSONCapture()
    var tokenizer = JSONTokenizer()
    let bytes = Array(Self.text.utf8)
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      var position = 0
      while let token = tokenizer.next(Bytes(base, buffer.count), &position) {
        capture.append(token)
      }
    }
    #expect(
      String(decoding: capture.bytes, as: UTF8.self)
        == #"{"a":[1.5e3,true,"x \" { ] , : \\",""],"\\":"\\\"\u0041"}"#)
  }
}
