import MeshModel
import Testing

@testable import AuditPipeline

@Suite struct LinkerdTrustRootsTests {
  private func configMap(_ name: String, _ text: String) -> ConfigMap {
    let place = SourceLocation(path: "mesh.yaml", line: 1, column: 1)
    return ConfigMap(
      metadata: ResourceMetadata(
        reference: ResourceReference(
          kind: ResourceKind(group: "", kind: "ConfigMap"), namespace: "linkerd", name: name),
        location: place), data: ["ca-bundle.crt": Located(text, at: place)])
  }

  /// The injector hashes the text as it is mounted, the chart before it is trimmed (FIPS 180-4, SHA-256 of
  /// "abc").
  @Test func digestsAreThoseThatPodsCarry() throws {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let bundle = try #require(
      LinkerdTrustRoots.bundle(of: configMap("linkerd-identity-trust-roots", "abc\n\n")))
    #expect(bundle.configMap.name == "linkerd-identity-trust-roots")
    #expect(Set(bundle.digests).count == 3 && bundle.digests[1] == abc)
    let plain = try #require(
      LinkerdTrustRoots.bundle(of: configMap("linkerd-identity-trust-roots", "abc")))
    #expect(plain.digests[0] == abc && plain.digests[2] == bundle.digests[2])
  }

  @Test func otherConfigMapsAreNone() {
    #expect(LinkerdTrustRoots.bundle(of: configMap("istio-ca-root-cert", "abc")) == nil)
  }
}
