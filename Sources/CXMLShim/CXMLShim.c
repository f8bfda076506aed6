#include "CXMLShim.h"

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlwriter.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mesh_xml_writer {
  xmlBufferPtr buffer;
  xmlTextWriterPtr writer;
};

mesh_xml_writer *mesh_xml_writer_create(void) {
  xmlInitParser();
  mesh_xml_writer *self = calloc(1, sizeof(*self));
  if (!self) return NULL;
  self->buffer = xmlBufferCreate();
  if (self->buffer) self->writer = xmlNewTextWriterMemory(self->buffer, 0);
  if (!self->writer || xmlTextWriterSetIndent(self->writer, 1) < 0 ||
      xmlTextWriterSetIndentString(self->writer, BAD_CAST "  ") < 0 ||
      xmlTextWriterStartDocument(self->writer, "1.0", "UTF-8", NULL) < 0) {
    mesh_xml_writer_destroy(self);
    return NULL;
  }
  return self;
}

void mesh_xml_writer_destroy(mesh_xml_writer *self) {
  if (!self) return;
  if (self->writer) xmlFreeTextWriter(self->writer);
  if (self->buffer) xmlBufferFree(self->buffer);
  free(self);
}

static int outcome(int written) { return written < 0 ? -1 : 0; }

int mesh_xml_writer_start(mesh_xml_writer *self, const char *name) {
  return outcome(xmlTextWriterStartElement(self->writer, BAD_CAST name));
}

int mesh_xml_writer_attribute(mesh_xml_writer *self, const char *name, const char *value) {
  return outcome(xmlTextWriterWriteAttribute(self->writer, BAD_CAST name, BAD_CAST value));
}

int mesh_xml_writer_text(mesh_xml_writer *self, const char *text) {
  return outcome(xmlTextWriterWriteString(self->writer, BAD_CAST text));
}

int mesh_xml_writer_end(mesh_xml_writer *self) {
  return outcome(xmlTextWriterEndElement(self->writer));
}

const unsigned char *mesh_xml_writer_finish(mesh_xml_writer *self, size_t *count) {
  *count = 0;
  if (xmlTextWriterEndDocument(self->writer) < 0 || xmlTextWriterFlush(self->writer) < 0) return NULL;
  *count = (size_t)xmlBufferLength(self->buffer);
  return xmlBufferContent(self->buffer);
}

const unsigned char *mesh_xml_writer_peek(mesh_xml_writer *self, size_t *count) {
  *count = 0;
  if (xmlTextWriterFlush(self->writer) < 0) return NULL;
  *count = (size_t)xmlBufferLength(self->buffer);
  return xmlBufferContent(self->buffer);
}

void mesh_xml_writer_forget(mesh_xml_writer *self) { xmlBufferEmpty(self->buffer); }

static void say(char *message, size_t capacity, const char *text, int line) {
  if (!message || capacity == 0 || message[0] != '\0') return;
  snprintf(message, capacity, "line %d: %s", line, text ? text : "not valid");
  size_t length = strlen(message);
  while (length > 0 && message[length - 1] == '\n') message[--length] = '\0';
}

struct collector {
  char *message;
  size_t capacity;
};

/// Keeps the first message.
static void collect(void *context, xmlErrorPtr error) {
  struct collector *collector = context;
  say(collector->message, collector->capacity, error->message, error->line);
}

static xmlDocPtr parse(const void *bytes, size_t count, char *message, size_t capacity) {
  if (message && capacity) message[0] = '\0';
  xmlInitParser();
  xmlParserCtxtPtr context = count > INT_MAX ? NULL : xmlNewParserCtxt();
  if (!context) {
    say(message, capacity, "too long or out of memory", 0);
    return NULL;
  }
  int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE;
  xmlDocPtr document = xmlCtxtReadMemory(context, bytes, (int)count, NULL, NULL, options);
  if (!document || !context->wellFormed) {
    say(message, capacity, context->lastError.message, context->lastError.line);
    xmlFreeDoc(document);
    document = NULL;
  }
  xmlFreeParserCtxt(context);
  return document;
}

int mesh_xml_check(const void *bytes, size_t count, char *message, size_t capacity) {
  xmlDocPtr document = parse(bytes, count, message, capacity);
  if (!document) return -1;
  xmlFreeDoc(document);
  return 0;
}

int mesh_xml_validate(
    const void *bytes, size_t count, const void *schema_bytes, size_t schema_count, char *message,
    size_t capacity) {
  xmlDocPtr document = parse(bytes, count, message, capacity);
  if (!document) return -1;
  struct collector collector = {message, capacity};
  int result = -1;
  xmlSchemaPtr schema = NULL;
  xmlSchemaValidCtxtPtr validation = NULL;
  xmlSchemaParserCtxtPtr parser =
      schema_count > INT_MAX ? NULL : xmlSchemaNewMemParserCtxt(schema_bytes, (int)schema_count);
  if (parser) {
    xmlSchemaSetParserStructuredErrors(parser, collect, &collector);
    schema = xmlSchemaParse(parser);
  }
  if (schema) validation = xmlSchemaNewValidCtxt(schema);
  if (validation) {
    xmlSchemaSetValidStructuredErrors(validation, collect, &collector);
    if (xmlSchemaValidateDoc(validation, document) == 0) result = 0;
  } else {
    say(message, capacity, "the schema cannot be read", 0);
  }
  if (validation) xmlSchemaFreeValidCtxt(validation);
  if (schema) xmlSchemaFree(schema);
  if (parser) xmlSchemaFreeParserCtxt(parser);
  xmlFreeDoc(document);
  return result;
}
