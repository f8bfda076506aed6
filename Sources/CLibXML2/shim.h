// Deliberately empty: this target carries the compiler and linker flags of libxml2 only. Its
// headers include ICU's, which clash with the ICU module inside Foundation, so they are included
// in the C files of CXMLShim and nowhere else.
