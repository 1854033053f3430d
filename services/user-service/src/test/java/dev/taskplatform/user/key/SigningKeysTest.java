// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.ECKey;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.user.seal.Sealer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in every database, over several replicas. */
@OnEveryDatabase
class SigningKeysTest {
    private static final int REPLICAS = 4;

    private final DatabaseUnderTest underTest;
    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path directory;

    private Database database;

    SigningKeysTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() {
        database = underTest.open();
        database.write(handle -> handle.execute("DELETE FROM signing_key"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void replicasThatStartAtOnceAgree() throws Exception {
        Sealer sealer = sealer("one");
        CyclicBarrier together = new CyclicBarrier(REPLICAS);
        List<Database> databases = new ArrayList<>();
        List<Callable<ECKey>> replicas = new ArrayList<>();
        for (int i = 0; i < REPLICAS; i++) {
            Database own = underTest.open();
            databases.add(own);
            KeyRepository repository = new Together(new DatabaseKeyRepository(own), together);
            replicas.add(() -> new SigningKeys(repository, sealer, random, Clock.systemUTC()).current());
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(REPLICAS)) {
            List<ECKey> keys = new ArrayList<>();
            for (Future<ECKey> key : executor.invokeAll(replicas)) {
                keys.add(key.get());
            }
            assertThat(keys).hasSize(REPLICAS).containsOnly(keys.getFirst());
        } finally {
            databases.forEach(Database::close);
        }
    }

    @Test
    void aRestartKeepsTheKey() throws Exception {
        ECKey before = keys(sealer("one")).current();
        database.close();
        database = underTest.open();

        assertThat(keys(sealer("one")).current()).isEqualTo(before);
    }

    @Test
    void publishesNoPrivateParts() throws Exception {
        SigningKeys keys = keys(sealer("one"));

        assertThat(keys.published().getKeys()).hasSize(1).noneMatch(key -> key.isPrivate());
        assertThat(keys.published().getKeys().getFirst().getKeyID())
                .isEqualTo(keys.current().getKeyID());
    }

    @Test
    void storesNoPrivateParts() throws Exception {
        ECKey key = keys(sealer("one")).current();

        byte[] sealed = new DatabaseKeyRepository(database).all().getFirst().sealed();

        assertThat(new String(sealed, StandardCharsets.ISO_8859_1))
                .doesNotContain("\"d\"", key.getD().toString());
    }

    @Test
    void saysWhenTheEncryptionKeyIsAnother() throws Exception {
        keys(sealer("one")).current();
        SigningKeys others = keys(sealer("two"));

        assertThatThrownBy(others::areReady)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("keys.encryption-key-file");
    }

    private SigningKeys keys(Sealer sealer) {
        return new SigningKeys(new DatabaseKeyRepository(database), sealer, random, Clock.systemUTC());
    }

    private Sealer sealer(String name) throws Exception {
        byte[] key = new byte[32];
        key[0] = (byte) name.hashCode();
        Path file = directory.resolve(name);
        Files.writeString(file, Base64.getEncoder().encodeToString(key));
        return Sealer.fromFile(file, random);
    }

    /** Lets no replica go on before all have seen that there is no key. */
    private static final class Together implements KeyRepository {
        private final KeyRepository repository;
        private final CyclicBarrier barrier;
        private boolean waited;

        Together(KeyRepository repository, CyclicBarrier barrier) {
            this.repository = repository;
            this.barrier = barrier;
        }

        @Override
        public boolean add(SealedKey key) {
            return repository.add(key);
        }

        @Override
        public List<SealedKey> all() {
            List<SealedKey> keys = repository.all();
            if (!waited) {
                waited = true;
                try {
                    barrier.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            return keys;
        }
    }
}
