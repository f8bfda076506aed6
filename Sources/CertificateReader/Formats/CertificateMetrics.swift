import MeshModel

/// Reads Prometheus text of x509-certificate-exporter (`x509_cert_not_after`, `x509_cert_not_before`)
/// and of cert-manager (`certmanager_certificate_not_after_timestamp_seconds`, …).
///
/// Only names, serial and validity are in it; keys, usages and SANs stay unknown.
enum CertificateMetrics {
  private static let starts = [
    "x509_cert_not_after", "certmanager_certificate_expiration_timestamp_seconds",
    "certmanager_certificate_not_after_timestamp_seconds",
  ]
  private static let ends = [
    "x509_cert_not_before", "certmanager_certificate_not_before_timestamp_seconds",
  ]

  static func recognises(_ text: Substring) -> Bool {
    text.split(separator: "\n").contains { line in
      (starts + ends + ["x509_cert_error", "certmanager_certificate_ready_status"]).contains {
        line.hasPrefix($0) || line.hasPrefix("# TYPE \($0)") || line.hasPrefix("# HELP \($0)")
      }
    }
  }

  private struct Row {
    var labels: [String: String]
    var line: Int
    var isCertManager: Bool
    var notBefore: UTCTime?
    var notAfter: UTCTime?
  }

  static func read(_ text: String, path: String, into collector: inout CertificateCollector) {
    var rows: [Row] = []
    var indices: [String: Int] = [:]
    var number = 0
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let line = String(decoding: line, as: UTF8.self).trimmingSpaces()
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      let isStart = ends.contains { line.hasPrefix($0 + "{") }
      let isEnd = starts.contains { line.hasPrefix($0 + "{") }
      guard isStart || isEnd || line.hasPrefix("x509_cert_error{") else { continue }
      guard let sample = PrometheusSample(line) else {
        collector.inventory.itemCount += 1
        collector.sink.report(
          .error, "metric-syntax", "a metric that is not in Prometheus' text format",
          at: SourceLocation(path: path, line: number, column: 1))
        continue
      }
      let place = SourceLocation(path: path, line: number, column: 1)
      guard isStart || isEnd else {
        if sample.value > 0 { reportError(sample.labels, at: place, into: &collector) }
        continue
      }
      let key = sample.labels.sorted { $0.key < $1.key }.map { "\($0.key)\0\($0.value)" }
        .joined(separator: "\0")
      let index = indices[key] ?? rows.count
      if index == rows.count {
        indices[key] = index
        rows.append(
          Row(labels: sample.labels, line: number, isCertManager: line.hasPrefix("certmanager")))
      }
      let time = sample.value.magnitude < 1e12 ? UTCTime(seconds: Int64(sample.value)) : nil
      if isStart { rows[index].notBefore = time } else { rows[index].notAfter = time }
    }
    for (position, row) in rows.enumerated() {
      add(row, position: position, path: path, into: &collector)
    }
  }

  private static func reportError(
    _ labels: [String: String], at place: SourceLocation, into collector: inout CertificateCollector
  ) {
    collector.inventory.itemCount += 1
    let file =
      ["filepath", "filename", "secret_name", "configmap_name", "cabundle_name"]
      .lazy.compactMap { labels[$0] }.first ?? "a source without a name"
    collector.sink.report(
      .warning, "certificate-unreadable", "the exporter could not read \"\(file)\"", at: place)
  }

  private static func add(
    _ row: Row, position: Int, path: String, into collector: inout CertificateCollector
  ) {
    collector.inventory.itemCount += 1
    let labels = row.labels
    var facts = RecordFacts.make()
    facts.notBefore = row.notBefore
    facts.notAfter = row.notAfter
    facts.serial = labels["serial_number"].flatMap { RecordFacts.serial(decimal: $0) }
    if !row.isCertManager {
      facts.subject = name(labels, prefix: "subject_")
      facts.issuer = name(labels, prefix: "issuer_")
      facts.subjectCommonName = labels["subject_CN"]
      facts.isSelfIssued = facts.subject == facts.issuer
    }
    let record = [
      row.isCertManager ? labels["exported_namespace"] ?? labels["namespace"] : nil, labels["name"],
    ].compactMap(\.self)
    if row.isCertManager, !record.isEmpty { facts.recordName = record.joined(separator: "/") }
    let isSecret = labels["secret_name"] != nil
    let place = CertificatePlace(
      source: row.isCertManager ? .certManagerMetrics : .exporterMetrics,
      location: SourceLocation(path: path, line: row.line, column: 1),
      // Scraped metrics of cert-manager carry its own namespace as `namespace`, then the
      // certificate's as `exported_namespace`.
      namespace: row.isCertManager
        ? labels["exported_namespace"] ?? labels["namespace"]
        : labels["secret_namespace"] ?? labels["configmap_namespace"],
      name: row.isCertManager
        ? labels["name"]
        : labels["secret_name"] ?? labels["configmap_name"] ?? labels["filepath"],
      key: isSecret ? labels["secret_key"] : labels["configmap_key"] ?? labels["embedded_key"])
    collector.append(
      RecordFacts.named(facts, [place.namespace, place.name, place.key]), der: nil, at: place,
      position: position)
  }

  /// The exporter's labels are single attributes, without their order: most specific first.
  private static func name(_ labels: [String: String], prefix: String) -> String {
    ["CN", "OU", "O", "L", "ST", "C"].compactMap { attribute in
      labels[prefix + attribute].flatMap {
        $0.isEmpty ? nil : "\(attribute)=\(OpenSSLName.escaped($0))"
      }
    }.joined(separator: ",")
  }
}

/// One line of Prometheus' text format: `name{label="value",…} value [timestamp]`.
struct PrometheusSample {
  var labels: [String: String] = [:]
  var value: Double

  init?(_ line: String) {
    guard let open = line.firstIndex(of: "{") else { return nil }
    var rest = line[line.index(after: open)...]
    while let first = rest.first, first != "}" {
      if first == "," || first == " " {
        rest.removeFirst()
        continue
      }
      guard let equals = rest.firstIndex(of: "=") else { return nil }
      let name = rest[..<equals].trimmingSpaces()
      rest = rest[rest.index(after: equals)...]
      guard rest.first == "\"" else { return nil }
      rest.removeFirst()
      var text = ""
      var isClosed = false
      while let character = rest.popFirst() {
        if character == "\\" {
          guard let next = rest.popFirst() else { return nil }
          text.append(next == "n" ? "\n" : next)
        } else if character == "\"" {
          isClosed = true
          break
        } else {
          text.append(character)
        }
      }
      guard isClosed else { return nil }
      labels[name] = text
    }
    guard rest.first == "}" else { return nil }
    guard let number = rest.dropFirst().split(separator: " ").first.flatMap({ Double($0) }),
      number.isFinite
    else { return nil }
    value = number
  }
}
