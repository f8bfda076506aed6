import AuditPipeline
import Foundation
import Synchronization

/// A progress line on standard error, drawn over itself.
final class TerminalProgress: RunProgress {
  private struct State {
    var stage = ""
    var total = 0
    var done = 0
    var lastDrawn = ContinuousClock.now
  }

  private let state = Mutex(State())

  func begin(_ stage: String, total: Int) {
    state.withLock { state in
      state.stage = stage
      state.total = total
      state.done = 0
      draw(&state)
    }
  }

  func advance() {
    state.withLock { state in
      state.done += 1
      // Ten times a second is plenty for eyes.
      if state.done == state.total || ContinuousClock.now - state.lastDrawn > .milliseconds(100) {
        draw(&state)
      }
    }
  }

  func end() { Self.write("\r\u{1B}[K") }

  private func draw(_ state: inout State) {
    state.lastDrawn = .now
    let width = 24
    let filled = state.total == 0 ? 0 : width * state.done / state.total
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let name = state.stage + String(repeating: " ", count: max(0, 12 - state.stage.count))
    Self.write("\r\u{1B}[K\(name) \(bar) \(state.done)/\(state.total)")
  }

  private static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
