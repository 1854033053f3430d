// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads the answers of a store. */
final class S3Xml {
    private S3Xml() {}

    /** The text of the first element of a name; empty when there is none, or the answer is no XML. */
    static Optional<String> text(byte[] answer, String name) {
        try {
            XMLStreamReader reader = reader(answer);
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT
                        && reader.getLocalName().equals(name)) {
                    return Optional.of(reader.getElementText());
                }
            }
            return Optional.empty();
        } catch (XMLStreamException e) {
            return Optional.empty();
        }
    }

    /** Whether the answer is XML of this root. */
    static boolean isRoot(byte[] answer, String name) {
        if (answer.length == 0 || answer[0] != '<') {
            return false;
        }
        try {
            XMLStreamReader reader = reader(answer);
            reader.nextTag();
            return reader.getLocalName().equals(name);
        } catch (XMLStreamException e) {
            return false;
        }
    }

    /**
     * The texts of the children of each element of a name.
     *
     * @throws XMLStreamException if the answer is no XML
     */
    static List<Map<String, String>> elements(byte[] answer, String name) throws XMLStreamException {
        List<Map<String, String>> elements = new ArrayList<>();
        XMLStreamReader reader = reader(answer);
        while (reader.hasNext()) {
            if (reader.next() == XMLStreamConstants.START_ELEMENT
                    && reader.getLocalName().equals(name)) {
                elements.add(children(reader));
            }
        }
        return elements;
    }

    private static Map<String, String> children(XMLStreamReader reader) throws XMLStreamException {
        Map<String, String> children = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder();
        int depth = 1;
        while (depth > 0) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    depth++;
                    text.setLength(0);
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    if (depth == 2) {
                        children.put(reader.getLocalName(), text.toString());
                    }
                    depth--;
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                default -> {
                    // Comments and the like.
                }
            }
        }
        return children;
    }

    private static XMLStreamReader reader(byte[] answer) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory.createXMLStreamReader(new ByteArrayInputStream(answer));
    }
}
