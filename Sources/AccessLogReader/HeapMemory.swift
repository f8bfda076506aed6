import CInflateShim

/// The memory that this program has from the system.
package enum HeapMemory {
  /// Gives back what is free.
  ///
  /// After much was let go at once: the C library keeps it for later allocations, which may be of other
  /// sizes or never come.
  package static func returnFree() { meshaudit_return_free() }
}
