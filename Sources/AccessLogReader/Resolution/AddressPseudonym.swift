/// Makes the names that stand for client addresses, under a key that it does not show.
package struct AddressPseudonym: Hashable, Sendable {
  /// Tells the keys apart, and nothing of them.
  package let keyID: String
  private let digest: @Sendable (String) -> String

  /// - Parameter digest: hexadecimal text that depends on the key and on what it is given.
  package init(keyID: String, digest: @escaping @Sendable (String) -> String) {
    self.keyID = keyID
    self.digest = digest
  }

  /// The name of an address in its canonical form.
  ///
  /// It carries the id of the key, so that names under two keys are never taken for one another.
  func name(of address: String) -> String { "pseudonym-\(keyID)-\(digest(address))" }

  package static func == (left: AddressPseudonym, right: AddressPseudonym) -> Bool {
    left.keyID == right.keyID
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(keyID) }
}
