// CertificateReader
