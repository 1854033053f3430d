// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Source of an empty database of each kind; JUnit closes them. */
public final class DatabasesUnderTest implements ArgumentsProvider {
    @Override
    public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        return Stream.of(DatabaseUnderTest.Kind.values())
                .map(kind -> Arguments.of(
                        switch (kind) {
                            case EMBEDDED -> DatabaseUnderTest.embedded();
                            case POSTGRES -> PostgresServer.shared(context).newDatabase();
                        }));
    }
}
