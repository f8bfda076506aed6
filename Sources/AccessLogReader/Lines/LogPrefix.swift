/// What container runtimes, `kubectl` and `stern` put in front of a line.
enum LogPrefix {
  /// A line of a container runtime's log, taken apart.
  struct Part {
    var content: Bytes
    var isError: Bool
    var isPartial: Bool

    init(content: Bytes, isError: Bool, isPartial: Bool) {
      self.content = content
      self.isError = isError
      self.isPartial = isPartial
    }
  }

  /// A line of a runtime's log, as CRI or Docker writes it, for which stream it is and whether it goes on.
  static func part(_ line: Bytes) -> Part? { cri(line) ?? docker(line) }

  /// `2026-11-24T02:37:34.318000001Z stdout F line` (Kubernetes, CRI logging format: tags after `F` or
  /// `P` are parted by colons).
  static func cri(_ line: Bytes) -> Part? {
    guard let (_, rest) = time(line) else { return nil }
    let isError = rest.hasPrefix("stderr ")
    guard isError || rest.hasPrefix("stdout ") else { return nil }
    let tagged = rest.dropFirst(7)
    guard tagged.count > 0 else { return nil }
    let tag = tagged.prefix(tagged.firstIndex(of: UInt8(ascii: " ")) ?? tagged.count)
    guard tag.equals("F") || tag.equals("P") || tag.hasPrefix("F:") || tag.hasPrefix("P:") else {
      return nil
    }
    let content = tagged.dropFirst(min(tag.count + 1, tagged.count))
    return Part(content: content, isError: isError, isPartial: tag[0] == UInt8(ascii: "P"))
  }

  /// `{"log":"line\n","stream":"stdout","time":"…"}`, of which only stream and whether it goes on are read.
  private static func docker(_ line: Bytes) -> Part? {
    guard line.hasPrefix("{\"log\":\"") else { return nil }
    var cursor = JSONCursor(line)
    cursor.position = 7
    guard cursor.skipString() else { return nil }
    let text = line.prefix(cursor.position - 1).dropFirst(8)
    let rest = line.dropFirst(cursor.position)
    let endsLine = text.count > 1 && text.dropFirst(text.count - 2).equals("\\n")
    let stream: StaticString = rest.hasPrefix(",\"stream\":\"stderr\"") ? "stderr" : "stdout"
    guard rest.hasPrefix(",\"stream\":\"") else { return nil }
    return Part(
      ofDocker: line, content: text, endsLine: endsLine,
      stream: Bytes(stream.utf8Start, stream.utf8CodeUnitCount))
  }

  /// The time at the start of a line, and what follows it after one space or tab.
  static func time(_ line: Bytes) -> (time: Bytes, rest: Bytes)? {
    guard line.count > 21, line[4] == UInt8(ascii: "-"), line[10] == UInt8(ascii: "T"),
      line[13] == UInt8(ascii: ":")
    else { return nil }
    for index in 19..<min(line.count, 40)
    where line[index] == UInt8(ascii: " ") || line[index] == 9 {
      return (line.prefix(index), line.dropFirst(index + 1))
    }
    return nil
  }

  /// What follows `{app="planner", …} `, the labels and padding that `logcli` prints after the time when no
  /// other output is asked for (Grafana Loki, pkg/logcli/output/default.go); nil without labels.
  static func afterLabels(_ line: Bytes) -> Bytes? {
    guard line.count > 2, line[0] == UInt8(ascii: "{"), line[1] != UInt8(ascii: "\"") else {
      return nil
    }
    var index = 1
    var isQuoted = false
    while index < line.count {
      switch line[index] {
      case UInt8(ascii: "\\") where isQuoted: index += 1
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: "}") where !isQuoted:
        let rest = line.dropFirst(index + 1)
        guard rest.count > 0, rest[0] == UInt8(ascii: " ") else { return nil }
        var start = 0
        while start < rest.count, rest[start] == UInt8(ascii: " ") { start += 1 }
        return rest.dropFirst(start)
      default: break
      }
      index += 1
    }
    return nil
  }

  /// `[pod/NAME/CONTAINER] line` of `kubectl logs --prefix`.
  static func pod(_ line: Bytes) -> (name: Bytes, rest: Bytes)? {
    guard let end = line.firstIndex(of: UInt8(ascii: "]")), end + 2 < line.count,
      line[end + 1] == UInt8(ascii: " ")
    else { return nil }
    let inside = Bytes(line.pointer + 5, end - 5)
    let name = inside.prefix(inside.firstIndex(of: UInt8(ascii: "/")) ?? inside.count)
    return name.isEmpty ? nil : (name, line.dropFirst(end + 2))
  }

  /// `POD CONTAINER line` of stern, with the namespace in front when it reads several (stern's templates
  /// `default`, cmd/cmd.go); nil where what follows cannot be a line of a proxy.
  static func stern(_ line: Bytes) -> (namespace: Bytes, pod: Bytes, rest: Bytes)? {
    var names: [Bytes] = []
    var rest = line
    while rest.count > 0, names.count < 4 {
      let first = rest[0]
      let isContent =
        first == UInt8(ascii: "[") || first == UInt8(ascii: "{") || (48...57).contains(first)
      if isContent, names.count >= 2 {
        return names.count == 2 ? (Bytes(), names[0], rest) : (names[0], names[1], rest)
      }
      guard let end = rest.prefix(300).firstIndex(of: UInt8(ascii: " ")), names.count < 3 else {
        return nil
      }
      let name = withoutColor(rest.prefix(end))
      guard isName(name) else { return nil }
      names.append(name)
      rest = rest.dropFirst(end + 1)
    }
    return nil
  }

  /// A word without the terminal's colours around it, `ESC [ 36 m` (stern's `--color always`).
  static func withoutColor(_ word: Bytes) -> Bytes {
    let escape: UInt8 = 0x1B
    var word = word
    while word.count > 2, word[0] == escape,
      let end = word.prefix(16).firstIndex(of: UInt8(ascii: "m"))
    {
      word = word.dropFirst(end + 1)
    }
    if word.count > 0, let start = word.firstIndex(of: escape) { word = word.prefix(start) }
    return word
  }

  /// Whether bytes are the name of a Kubernetes object: lower case, digits, hyphens, dots.
  private static func isName(_ bytes: Bytes) -> Bool {
    guard bytes.count > 0, bytes[0] != UInt8(ascii: "-"), bytes[0] != UInt8(ascii: ".") else {
      return false
    }
    for index in 0..<bytes.count {
      switch bytes[index] {
      case 97...122, 48...57, UInt8(ascii: "-"), UInt8(ascii: "."): continue
      default: return false
      }
    }
    return true
  }

  /// Whether a line is a message of Envoy itself, `[2026-11-24 02:37:34.318][12][info][main] …`, or of a Linkerd
  /// proxy, `[     0.002338s]  INFO ThreadId(01) …`.
  static func isBracketedMessage(_ line: Bytes) -> Bool {
    if line.count > 24, line[11] == UInt8(ascii: " "), line[14] == UInt8(ascii: ":"),
      line[24] == UInt8(ascii: "]")
    {
      return true
    }
    guard let end = line.prefix(32).firstIndex(of: UInt8(ascii: "]")), end > 2,
      line[end - 1] == UInt8(ascii: "s")
    else { return false }
    return isMessage(line.dropFirst(end + 1))
  }

  /// Whether text starts with the level of a log message, as istio-agent and ztunnel write.
  static func isMessage(_ text: Bytes) -> Bool {
    var start = 0
    while start < text.count, text[start] == UInt8(ascii: " ") { start += 1 }
    let text = text.dropFirst(start)
    for level: StaticString in [
      "info", "warn", "error", "debug", "trace", "fatal", "INFO", "WARN", "ERROR", "DEBUG",
      "TRACE",
    ] where text.hasPrefix(level) {
      let next = text.count > level.utf8CodeUnitCount ? text[level.utf8CodeUnitCount] : 9
      return next == 9 || next == UInt8(ascii: " ") || next == UInt8(ascii: "i")
    }
    return false
  }
}

extension LogPrefix.Part {
  /// A record that Docker's json-file driver writes, nil for others of the same form that are whole lines.
  ///
  /// Lines longer than 16 KiB come in several records, of which only the last ends in a line end (Moby
  /// daemon/logger/copier.go, `defaultBufSize`; daemon/logger/jsonfilelog). A shorter one without an end is
  /// what somebody else cut it off.
  init?(ofDocker line: Bytes, content: Bytes, endsLine: Bool, stream: Bytes) {
    guard line.hasPrefix("{\"log\":\""), stream.equals("stdout") || stream.equals("stderr") else {
      return nil
    }
    self.init(
      content: content, isError: stream.equals("stderr"),
      isPartial: !endsLine && line.count > LogPrefix.Part.longest)
  }

  private static let longest = 16 << 10
}
