#ifndef MESHAUDIT_CXML_SHIM_H
#define MESHAUDIT_CXML_SHIM_H

#include <stddef.h>

// A narrow door to libxml2. Its headers stay in CXMLShim.c: on Debian they include ICU's, which clash
// with the ICU module inside Foundation. Text handed in is UTF-8 and holds XML 1.0 characters only;
// xmlTextWriter does not check that.

typedef struct mesh_xml_writer mesh_xml_writer;

/// A writer into memory, indented by two spaces, with the XML declaration written; NULL without memory.
mesh_xml_writer *mesh_xml_writer_create(void);
void mesh_xml_writer_destroy(mesh_xml_writer *writer);

// Each returns 0, or -1 on failure.
int mesh_xml_writer_start(mesh_xml_writer *writer, const char *name);
int mesh_xml_writer_attribute(mesh_xml_writer *writer, const char *name, const char *value);
int mesh_xml_writer_text(mesh_xml_writer *writer, const char *text);
int mesh_xml_writer_end(mesh_xml_writer *writer);

/// The bytes that were written so far and not forgotten; they belong to the writer. NULL on failure.
const unsigned char *mesh_xml_writer_peek(mesh_xml_writer *writer, size_t *count);
/// Lets go of the bytes that were peeked at.
void mesh_xml_writer_forget(mesh_xml_writer *writer);

/// Ends the document and hands out its bytes that are not forgotten, which belong to the writer.
const unsigned char *mesh_xml_writer_finish(mesh_xml_writer *writer, size_t *count);

// Each returns 0 when the document passes, -1 otherwise with a message of at most `capacity` bytes.
// Nothing is loaded from disk or network, and no entity is expanded.
int mesh_xml_check(const void *bytes, size_t count, char *message, size_t capacity);
int mesh_xml_validate(
    const void *bytes, size_t count, const void *schema, size_t schema_count, char *message,
    size_t capacity);

#endif
