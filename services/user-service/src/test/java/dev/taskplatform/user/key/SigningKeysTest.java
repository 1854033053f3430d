// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.database.OnEveryDatabase;
import dev.taskplatform.kit.seal.Sealer;
import dev.taskplatform.user.audit.EmptyAuditLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in every database, over several replicas and over time. */
@OnEveryDatabase
class SigningKeysTest {
    private static final int REPLICAS = 4;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration AHEAD = RotationPlan.PUBLISH_AHEAD;
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final DatabaseUnderTest underTest;

    @TempDir
    private Path directory;

    private Database database;
    private Replica replica;

    SigningKeysTest(DatabaseUnderTest underTest) {
        this.underTest = underTest;
    }

    @BeforeEach
    void open() throws Exception {
        database = underTest.open();
        database.write(handle -> handle.execute("DELETE FROM signing_key"));
        EmptyAuditLog.of(database);
        replica = replica();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void replicasThatStartAtOnceAgree() throws Exception {
        List<Replica> replicas = atOnce(replica -> replica.keys.areReady());

        assertThat(replicas)
                .extracting(Replica::signing)
                .containsOnly(replicas.getFirst().signing());
        assertThat(auditedRotations()).isZero();
    }

    @Test
    void aRestartKeepsTheKey() throws Exception {
        ECKey before = replica.keys.current();
        database.close();
        database = underTest.open();

        assertThat(replica().keys.current()).isEqualTo(before);
    }

    @Test
    void publishesNoPrivateParts() {
        replica.keys.areReady();
        replica.keys.rotate(Actor.SYSTEM);

        assertThat(replica.keys.published().getKeys()).hasSize(4).noneMatch(key -> key.isPrivate());
        assertThat(replica.published()).contains(replica.signing());
    }

    @Test
    void storesNoPrivateParts() {
        ECKey key = replica.keys.current();

        byte[] sealed = stored().getFirst().sealed();

        assertThat(new String(sealed, StandardCharsets.ISO_8859_1))
                .doesNotContain("\"d\"", key.getD().toString());
        assertThat(opened(stored().getFirst()).all()).hasSize(2).allMatch(JWK::isPrivate);
    }

    @Test
    void saysWhenTheEncryptionKeyIsAnother() throws Exception {
        replica.keys.areReady();
        Replica another = new Replica(database, sealer("two"));

        assertThatThrownBy(another.keys::areReady)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("keys.encryption-key-file");
    }

    @Test
    void aKeySignsOnlyWhenItWasPublishedForAJwksLifetime() {
        String first = replica.signing();
        String second = replica.keys.rotate(Actor.SYSTEM).kid();

        assertThat(replica.published()).containsExactly(second, first);
        assertThat(replica.pass(AHEAD.minus(MOMENT)).signing()).isEqualTo(first);
        assertThat(replica.pass(MOMENT).signing()).isEqualTo(second);
        assertThat(replica.published()).containsExactly(second, first);
    }

    @Test
    void aRotationUnderWayIsTheAnswerToTheNextCommand() {
        replica.keys.areReady();
        KeyInfo next = replica.keys.rotate(Actor.SYSTEM);

        assertThat(replica.keys.rotate(Actor.SYSTEM)).isEqualTo(next);
        assertThat(auditedRotations()).isEqualTo(1);
    }

    @Test
    void rotatesByTheSchedule() {
        String first = replica.signing();

        assertThat(replica.pass(Replica.ROTATION_PERIOD.minus(MOMENT)).published())
                .containsExactly(first);
        assertThat(replica.pass(MOMENT).published()).hasSize(2).endsWith(first);
        assertThat(auditedRotations()).isEqualTo(1);
        assertThat(replica.pass(AHEAD).signing()).isNotEqualTo(first);
    }

    @Test
    void aRetiredKeyLosesItsPrivatePartAndGoesWhenItsTokensHaveExpired() throws Exception {
        String first = replica.signing();
        replica.tokenLifetime.set(Duration.ofHours(3));
        replica.pass(MOMENT);
        replica.tokenLifetime.set(Duration.ofMinutes(1));
        replica.keys.rotate(Actor.SYSTEM);
        replica.pass(AHEAD);

        assertThat(opened(stored().getLast()).all()).hasSize(2).noneMatch(JWK::isPrivate);
        Duration longest = Duration.ofHours(3).plus(RotationPlan.RETIRED_ALLOWANCE);
        assertThat(replica.pass(longest.minus(MOMENT)).published()).contains(first);
        assertThat(replica.pass(MOMENT).published()).doesNotContain(first);
        assertThat(stored()).hasSize(1);
    }

    @Test
    void replicasTakeUpWhatAnotherDid() {
        Replica other = replica();
        String first = other.signing();
        String second = replica.keys.rotate(Actor.SYSTEM).kid();

        assertThat(other.published()).containsExactly(first);
        other.pass(MOMENT);
        assertThat(other.published()).containsExactly(second, first);
        replica.pass(AHEAD);
        assertThat(other.pass(MOMENT).signing()).isEqualTo(second);
        assertThat(replica().signing()).isEqualTo(second);
    }

    @Test
    void aReplicaThatStartsMeasuresAnew() {
        String first = replica.signing();
        replica.keys.rotate(Actor.SYSTEM);
        Replica late = replica();
        late.clock.set(Replica.START.plus(HOUR));

        late.keys.refresh();

        assertThat(late.signing()).isEqualTo(first);
        assertThat(late.pass(AHEAD).signing()).isNotEqualTo(first);
    }

    @Test
    void anEmergencyLeavesNothingButANewKey() {
        String first = replica.signing();
        replica.keys.rotate(Actor.SYSTEM);
        replica.pass(AHEAD);
        replica.keys.rotate(Actor.SYSTEM);
        assertThat(replica.published()).hasSize(3);

        KeyInfo fresh = replica.keys.replace(Actor.SYSTEM);

        assertThat(fresh.state()).isEqualTo(KeyState.SIGNING);
        assertThat(replica.signing()).isEqualTo(fresh.kid()).isNotEqualTo(first);
        assertThat(replica.published()).containsExactly(fresh.kid());
        assertThat(stored()).hasSize(1);
        assertThat(auditedRotations()).isEqualTo(3);
    }

    @Test
    void ofReplicasThatFindARotationDueOneRotates() throws Exception {
        String first = replica.signing();

        List<Replica> replicas = atOnce(other -> other.pass(Replica.ROTATION_PERIOD));

        assertThat(stored()).hasSize(2);
        assertThat(auditedRotations()).isEqualTo(1);
        List<String> published = replicas.getFirst().published();
        assertThat(published).hasSize(2).endsWith(first);
        assertThat(replicas).allSatisfy(other -> {
            assertThat(other.signing()).isEqualTo(first);
            assertThat(other.published()).isEqualTo(published);
        });
    }

    @Test
    void ofReplicasThatAreToldToRotateOneRotates() throws Exception {
        String first = replica.signing();

        List<Replica> replicas = atOnce(other -> other.keys.rotate(Actor.SYSTEM));

        assertThat(stored()).hasSize(2);
        assertThat(auditedRotations()).isEqualTo(1);
        assertThat(replicas).allSatisfy(other -> assertThat(other.signing()).isEqualTo(first));
    }

    @Test
    void ofReplicasThatMeetAnEmergencyTheLastLeavesItsKey() throws Exception {
        String first = replica.signing();

        List<Replica> replicas = atOnce(other -> other.keys.replace(Actor.SYSTEM));

        assertThat(stored()).hasSize(1);
        String last = stored().getFirst().kid();
        assertThat(last).isNotEqualTo(first);
        assertThat(replicas).allSatisfy(other -> assertThat(other.signing()).isEqualTo(last));
        assertThat(auditedRotations()).isEqualTo(REPLICAS);
    }

    @Test
    void noClockMakesAKeySignEarly() {
        String first = replica.signing();
        String second = replica.keys.rotate(Actor.SYSTEM).kid();

        assertThat(replica.jump(HOUR).signing()).isEqualTo(first);
        assertThat(replica.jump(HOUR.multipliedBy(-2)).signing()).isEqualTo(first);
        assertThat(replica.pass(AHEAD).signing()).isEqualTo(second);
    }

    @Test
    void aClockThatIsAnHourOffRemovesNoKeyInUse() {
        String first = replica.signing();
        replica.keys.rotate(Actor.SYSTEM);
        String second = replica.pass(AHEAD).signing();

        assertThat(replica.jump(HOUR).published()).containsExactly(second, first);
        replica.jump(HOUR.multipliedBy(-2));
        assertThat(replica.signing()).isEqualTo(second);
        assertThat(replica.published()).containsExactly(second, first);
    }

    @Test
    void aKeyFromTheFutureAgesAsLongAsItIsSeen() {
        replica.clock.set(Replica.START.plus(Duration.ofDays(3650)));
        String first = replica.signing();
        replica.clock.set(Replica.START);

        assertThat(replica.pass(Replica.ROTATION_PERIOD.minus(MOMENT)).published())
                .containsExactly(first);
        assertThat(replica.pass(MOMENT).published()).hasSize(2);
        assertThat(replica.pass(AHEAD).signing()).isNotEqualTo(first);
    }

    @Test
    void tellsWhereEachKeyIs() {
        String first = replica.signing();
        String second = replica.keys.rotate(Actor.SYSTEM).kid();
        replica.pass(AHEAD);
        String third = replica.keys.rotate(Actor.SYSTEM).kid();

        List<KeyInfo> told = replica.keys.describe();

        assertThat(told).extracting(KeyInfo::kid).containsExactly(third, second, first);
        assertThat(told)
                .extracting(KeyInfo::state)
                .containsExactly(KeyState.PUBLISHED, KeyState.SIGNING, KeyState.RETIRED);
        assertThat(told.get(1).signsFrom()).isEqualTo(Replica.START.plus(AHEAD));
        assertThat(told.get(1).retiresAt()).isEqualTo(told.get(0).signsFrom());
        assertThat(told.get(2).retiresAt()).isEqualTo(Replica.START.plus(AHEAD));
        assertThat(told.get(2).publishedUntil())
                .isEqualTo(told.get(2).retiresAt().plusSeconds(900).plus(RotationPlan.RETIRED_ALLOWANCE));
    }

    @Test
    void theKeysOfAGenerationLiveTogether() {
        String first = rs256();
        KeyInfo next = replica.keys.rotate(Actor.SYSTEM);
        String second = next.kids().get("RS256");

        assertThat(next.kids()).containsEntry("ES256", next.kid());
        assertThat(replica.publishedForRs256()).containsExactly(second, first);
        assertThat(replica.pass(AHEAD.minus(MOMENT)).publishedForRs256()).containsExactly(second, first);
        assertThat(rs256()).isEqualTo(first);
        replica.pass(MOMENT);
        assertThat(rs256()).isEqualTo(second);
        replica.pass(Duration.ofMinutes(15).plus(RotationPlan.RETIRED_ALLOWANCE));
        assertThat(replica.publishedForRs256()).containsExactly(second);
        replica.keys.replace(Actor.SYSTEM);
        assertThat(replica.publishedForRs256()).containsExactly(rs256()).doesNotContain(second);
    }

    @Test
    void aKeyOfAnEarlierVersionSignsAllUntilTheNextHaveBeenPublished() throws Exception {
        ECKey old = storedByAnEarlierVersion();

        assertThat(replica.keys.current()).isEqualTo(old);
        assertThat(rs256()).isEqualTo(old.getKeyID());
        assertThat(replica.published()).hasSize(2).endsWith(old.getKeyID());
        assertThat(replica.publishedForRs256()).hasSize(1);
        assertThat(auditedRotations()).isEqualTo(1);
        KeyInfo told = replica.keys.describe().getLast();
        assertThat(told.kids()).containsExactly(Map.entry("ES256", old.getKeyID()));
        assertThat(told.state()).isEqualTo(KeyState.SIGNING);

        assertThat(replica.pass(AHEAD.minus(MOMENT)).signing()).isEqualTo(old.getKeyID());
        assertThat(replica.pass(MOMENT).signing()).isNotEqualTo(old.getKeyID());
        assertThat(replica.publishedForRs256()).containsExactly(rs256());
        assertThat(opened(stored().getLast()).ec()).isEqualTo(old.toPublicJWK());
        Duration kept = HOUR.plus(RotationPlan.RETIRED_ALLOWANCE);
        assertThat(replica.pass(kept.minus(MOMENT)).published()).hasSize(2);
        assertThat(replica.pass(MOMENT).published()).hasSize(1);
        assertThat(auditedRotations()).isEqualTo(1);
    }

    @Test
    void ofReplicasThatMeetAKeyOfAnEarlierVersionOneMakesTheNext() throws Exception {
        ECKey old = storedByAnEarlierVersion();

        List<Replica> replicas = atOnce(other -> other.keys.areReady());

        assertThat(stored()).hasSize(2);
        assertThat(auditedRotations()).isEqualTo(1);
        List<String> published = replicas.getFirst().publishedForRs256();
        assertThat(replicas).allSatisfy(other -> {
            assertThat(other.signing()).isEqualTo(old.getKeyID());
            assertThat(other.publishedForRs256()).hasSize(1).isEqualTo(published);
        });
    }

    /** The id of the key of ID tokens for clients that want RS256. */
    private String rs256() {
        return replica.keys.forIdTokens(JWSAlgorithm.RS256).getKeyID();
    }

    /** A row as the first version left it, after the migration: the JWK alone. */
    private ECKey storedByAnEarlierVersion() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.ES256)
                .keyIDFromThumbprint(true)
                .generate();
        byte[] sealed = sealer("one").seal(key.getKeyID(), key.toJSONString().getBytes(StandardCharsets.UTF_8));
        DatabaseKeyRepository repository = new DatabaseKeyRepository(database);
        KeyRing empty = repository.load();
        SealedKey row = new SealedKey(1, key.getKeyID(), sealed, HOUR, Replica.START, Replica.START, null);
        assertThat(repository.replace(empty, empty.with(row))).isTrue();
        return key;
    }

    private TokenKeys opened(SealedKey key) {
        return new KeyMaker(sealer("one"), new SecureRandom()).open(key);
    }

    /** Several replicas that each do something, none before all have read the same keys. */
    private List<Replica> atOnce(Consumer<Replica> work) throws Exception {
        CyclicBarrier together = new CyclicBarrier(REPLICAS);
        List<Database> databases = new ArrayList<>();
        List<Callable<Replica>> replicas = new ArrayList<>();
        for (int i = 0; i < REPLICAS; i++) {
            Database own = underTest.open();
            databases.add(own);
            Replica other = new Replica(own, sealer("one"), repository -> new Together(repository, together));
            replicas.add(() -> {
                work.accept(other);
                return other;
            });
        }
        List<Replica> done = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(REPLICAS)) {
            for (Future<Replica> other : executor.invokeAll(replicas)) {
                done.add(other.get());
            }
            done.forEach(other -> other.keys.refresh());
        } finally {
            databases.forEach(Database::close);
        }
        return done;
    }

    private Replica replica() {
        return new Replica(database, sealer("one"));
    }

    private List<SealedKey> stored() {
        return new DatabaseKeyRepository(database).load().keys();
    }

    private int auditedRotations() {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM audit_entry WHERE kind = 'key.rotated'")
                .mapTo(Integer.class)
                .one());
    }

    private Sealer sealer(String name) {
        byte[] key = new byte[32];
        key[0] = (byte) name.hashCode();
        try {
            Path file = directory.resolve(name);
            Files.writeString(file, Base64.getEncoder().encodeToString(key));
            return Sealer.fromFile(file, new SecureRandom());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets no replica go on before all have read the keys for the first time. */
    private static final class Together implements KeyRepository {
        private final KeyRepository repository;
        private final CyclicBarrier barrier;
        private boolean waited;

        Together(KeyRepository repository, CyclicBarrier barrier) {
            this.repository = repository;
            this.barrier = barrier;
        }

        @Override
        public boolean replace(KeyRing before, KeyRing after) {
            return repository.replace(before, after);
        }

        @Override
        public KeyRing load() {
            KeyRing ring = repository.load();
            if (!waited) {
                waited = true;
                try {
                    barrier.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            return ring;
        }
    }
}
