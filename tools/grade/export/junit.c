/*
 * JUnit's XML, as continuous integration servers read it. "failure" is the
 * student's, "error" the grader's. libxml2 writes it.
 */
#include "export.h"

#include <libxml/xmlwriter.h>
#include <string.h>

enum { NOTES_MAX = 16384 };

#define X(text) ((const xmlChar *)(text))

/* XML 1.0 knows no control characters but tabs and line ends, not even escaped. */
static const char *clean(char *buffer, size_t size, const char *text)
{
    size_t n = 0;

    for (; *text && n + 1 < size; text++)
        if ((unsigned char)*text >= 0x20 || *text == '\n' || *text == '\t')
            buffer[n++] = *text;
    while (n > 0 && (buffer[n - 1] & 0xc0) == 0x80 && n + 1 == size)
        n--; /* not in the middle of a character */
    buffer[n] = '\0';
    return buffer;
}

static void attribute(xmlTextWriterPtr xml, const char *name, const char *text)
{
    char buffer[4096];

    xmlTextWriterWriteAttribute(xml, X(name), X(clean(buffer, sizeof(buffer), text)));
}

static void attribute_number(xmlTextWriterPtr xml, const char *name, long long value)
{
    char buffer[24];

    snprintf(buffer, sizeof(buffer), "%lld", value);
    attribute(xml, name, buffer);
}

/* <failure>, <error> or <skipped>, with the first line as its message. */
static void write_reason(xmlTextWriterPtr xml, const char *element, const char *text)
{
    char buffer[4096], first[400];

    snprintf(first, sizeof(first), "%.*s", (int)strcspn(text, "\n"), text);
    xmlTextWriterStartElement(xml, X(element));
    attribute(xml, "message", first);
    if (strcmp(element, "skipped") != 0) {
        attribute(xml, "type", element);
        xmlTextWriterWriteString(xml, X(clean(buffer, sizeof(buffer), text)));
    }
    xmlTextWriterEndElement(xml);
}

static void write_case(xmlTextWriterPtr xml, const struct result *r, const struct check *c)
{
    char name[400];

    snprintf(name, sizeof(name), "%s (%lld of %lld points)", c->title, c->points, c->max);
    xmlTextWriterStartElement(xml, X("testcase"));
    attribute(xml, "classname", r->lab);
    attribute(xml, "name", name);
    attribute(xml, "time", "0");
    if (strcmp(c->status, "failed") == 0)
        write_reason(xml, "failure", c->message);
    else if (strcmp(c->status, "error") == 0)
        write_reason(xml, "error", c->message);
    else if (strcmp(c->status, "skipped") == 0)
        write_reason(xml, "skipped", c->message);
    xmlTextWriterEndElement(xml);
}

static long long count(const struct result *r, const char *status)
{
    long long n = 0;

    for (size_t i = 0; i < r->count && !r->error; i++)
        n += strcmp(r->checks[i].status, status) == 0;
    return n;
}

static void write_notes(xmlTextWriterPtr xml, const char *notes)
{
    char buffer[NOTES_MAX];

    if (*notes)
        xmlTextWriterWriteElement(xml, X("system-out"), X(clean(buffer, sizeof(buffer), notes)));
}

static void write_suite(xmlTextWriterPtr xml, const struct result *r)
{
    char name[300];

    snprintf(name, sizeof(name), "%s: %s", r->lab, r->name);
    xmlTextWriterStartElement(xml, X("testsuite"));
    attribute(xml, "name", name);
    attribute_number(xml, "tests", r->error ? 1 : (long long)r->count);
    attribute_number(xml, "failures", count(r, "failed"));
    attribute_number(xml, "errors", r->error ? 1 : count(r, "error"));
    attribute_number(xml, "skipped", count(r, "skipped"));
    attribute(xml, "time", "0");
    if (r->error) {
        xmlTextWriterStartElement(xml, X("testcase"));
        attribute(xml, "classname", r->lab);
        attribute(xml, "name", "grading");
        attribute(xml, "time", "0");
        write_reason(xml, "error", r->error);
        xmlTextWriterEndElement(xml);
    } else {
        for (size_t i = 0; i < r->count; i++)
            write_case(xml, r, &r->checks[i]);
    }
    write_notes(xml, r->notes);
    xmlTextWriterEndElement(xml);
}

enum export_outcome export_junit(const struct export_job *job)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    xmlTextWriterPtr xml = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;
    bool ok = xml;

    if (ok) {
        xmlTextWriterSetIndent(xml, 1);
        xmlTextWriterStartDocument(xml, NULL, "UTF-8", NULL);
        xmlTextWriterStartElement(xml, X("testsuites"));
        for (size_t i = 0; i < job->count; i++)
            write_suite(xml, &job->results[i]);
        ok = xmlTextWriterEndDocument(xml) >= 0;
        xmlFreeTextWriter(xml);
        ok = ok && fputs((const char *)xmlBufferContent(buffer), job->out) != EOF;
    }
    xmlBufferFree(buffer);
    if (!ok)
        snprintf(job->error, job->error_size, "cannot write the result as XML");
    return ok ? EXPORT_DONE : EXPORT_FAILED;
}
