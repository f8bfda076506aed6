import AuditModel
import MeshModel

/// The style sheet of the page with the running header of its printed form.
struct StyleSheet {
  /// What stands in the page, or in the file beside it.
  let text: String

  /// Throws when the sheet could end the element that holds it, or would fetch something.
  init(_ text: String, run: AuditReport.RunInfo) throws(ReportingError) {
    for (found, meaning) in [
      ("<", "could end its element"), ("&", "is read differently by XML"),
      ("url(", "would load a file"), ("@import", "would load a file"),
    ] where text.utf8.contains(found) {
      throw ReportingError(
        code: "style-sheet", message: "the style sheet holds \"\(found)\", which \(meaning)")
    }
    let header = StyleSheet.quoted("meshaudit run \(run.id)")
    let state = StyleSheet.quoted("as of \(run.asOf.text)")
    // CSS Paged Media Module Level 3, section 5: page-margin boxes.
    self.text =
      text + """
        @page {
          @top-left { content: \(header); }
          @top-right { content: \(state); }
        }

        """
  }

  /// The source expression that lets the page's policy accept this sheet and no other (CSP Level 3,
  /// section 2.3.1).
  var policySource: String { "'sha256-\(StyleDigest.base64(of: Array(text.utf8)))'" }

  /// A CSS string: everything but letters, digits and harmless signs as an escape (CSS Syntax Level 3,
  /// section 4.3.7).
  private static func quoted(_ text: String) -> String {
    var string = "\""
    for scalar in VisibleText.escaped(text).unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ":", "-", "_":
        string.unicodeScalars.append(scalar)
      default: string += "\\" + String(scalar.value, radix: 16) + " "
      }
    }
    return string + "\""
  }
}

extension String.UTF8View {
  /// Whether the bytes of `text` occur.
  func contains(_ text: String) -> Bool {
    let needle = Array(text.utf8)
    let hay = Array(self)
    guard hay.count >= needle.count else { return false }
    return (0...(hay.count - needle.count)).contains { start in
      hay[start..<(start + needle.count)].elementsEqual(needle)
    }
  }
}
