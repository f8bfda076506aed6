import Testing

@testable import MeshModel

@Suite struct LinkerdIdentityTests {
  @Test func partsAreTold() throws {
    let identity = try #require(
      LinkerdIdentity("web.v2.emojivoto.serviceaccount.identity.linkerd.mesh.example.com"))
    #expect(identity.serviceAccount == "web.v2")
    #expect(identity.namespace == "emojivoto")
    #expect(identity.controlPlaneNamespace == "linkerd")
    #expect(identity.trustDomain == "mesh.example.com")
  }

  @Test(arguments: [
    "", "*", "spiffe://mesh.example/ns/a/sa/b", "a.serviceaccount.identity.linkerd.td",
    "a.b.serviceaccount.identity.linkerd", "a.b.serviceaccount.other.linkerd.td",
    "*.b.identity.x.y.z",
    "a..serviceaccount.identity.linkerd.td",
  ])
  func otherTextIsNone(text: String) {
    #expect(LinkerdIdentity(text) == nil)
  }
}
