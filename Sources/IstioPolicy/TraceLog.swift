import MeshModel

/// Collects the steps of one decision; absent (nil) when nobody wants them.
struct TraceLog {
  var steps: [TraceStep] = []

  mutating func info(_ text: @autoclosure () -> String, location: SourceLocation? = nil) {
    steps.append(TraceStep(.info, text(), location: location))
  }

  mutating func adjusted(_ text: @autoclosure () -> String, _ location: SourceLocation? = nil) {
    steps.append(TraceStep(.adjusted, text(), location: location))
  }

  mutating func decided(_ text: @autoclosure () -> String, _ location: SourceLocation? = nil) {
    steps.append(TraceStep(.decided, text(), location: location))
  }
}
