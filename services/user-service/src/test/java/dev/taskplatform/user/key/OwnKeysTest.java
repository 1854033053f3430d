// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.user.seal.Sealer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnKeysTest {
    @TempDir
    private Path directory;

    private final AtomicInteger loads = new AtomicInteger();
    private DatabaseUnderTest underTest;
    private Database database;
    private Replica replica;
    private Replica other;
    private OwnKeys keys;

    @BeforeEach
    void open() throws Exception {
        Path file =
                Files.writeString(directory.resolve("key"), Base64.getEncoder().encodeToString(new byte[32]));
        Sealer sealer = Sealer.fromFile(file, new SecureRandom());
        underTest = DatabaseUnderTest.embedded();
        database = underTest.open();
        other = new Replica(database, sealer);
        other.keys.areReady();
        replica = new Replica(database, sealer, Counting::new);
        keys = new OwnKeys(replica.keys, replica.nanoTime::get);
    }

    @AfterEach
    void close() throws Exception {
        database.close();
        underTest.close();
    }

    @Test
    void findsAKeyThatAnotherReplicaMade() throws Exception {
        assertThat(select(replica.signing())).hasSize(1);
        String made = other.keys.replace(Actor.SYSTEM).kid();

        assertThat(select(made)).extracting(JWK::getKeyID).containsExactly(made);
    }

    @Test
    void looksForNewKeysOnceASecond() throws Exception {
        replica.keys.areReady();
        int before = loads.get();
        for (int i = 0; i < 20; i++) {
            assertThat(select("made-up-" + i)).isEmpty();
        }
        assertThat(loads).hasValue(before + 1);

        replica.nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
        select("made-up");
        assertThat(loads).hasValue(before + 2);
    }

    @Test
    void goesOnWithoutTheDatabase() throws Exception {
        String known = replica.signing();
        database.close();

        assertThat(select(known)).hasSize(1);
    }

    private List<JWK> select(String kid) throws KeySourceException {
        return keys.get(new JWKSelector(new JWKMatcher.Builder().keyID(kid).build()), null);
    }

    private final class Counting implements KeyRepository {
        private final KeyRepository repository;

        Counting(KeyRepository repository) {
            this.repository = repository;
        }

        @Override
        public KeyRing load() {
            loads.incrementAndGet();
            return repository.load();
        }

        @Override
        public boolean replace(KeyRing before, KeyRing after) {
            return repository.replace(before, after);
        }
    }
}
