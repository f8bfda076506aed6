// CXMLShim
