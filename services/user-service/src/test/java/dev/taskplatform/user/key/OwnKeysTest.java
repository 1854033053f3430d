// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.AccessTokenVerifier;
import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.auth.InvalidTokenException;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import dev.taskplatform.kit.seal.Sealer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
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

    @Test
    void accessTokensByTheKeyOfIdTokensAreRefused() throws Exception {
        AccessTokenVerifier verifier =
                new AccessTokenVerifier(keys, "issuer", "audience", Clock.fixed(replica.clock.get(), ZoneOffset.UTC));
        ECKey ec = replica.keys.current();
        RSAKey rsa = replica.keys.forIdTokens(JWSAlgorithm.RS256).toRSAKey();

        assertThat(verifier.verify(accessToken(JWSAlgorithm.ES256, ec.getKeyID(), new ECDSASigner(ec)))
                        .clientId())
                .isEqualTo("client");
        for (String kid : List.of(rsa.getKeyID(), ec.getKeyID())) {
            String byRsa = accessToken(JWSAlgorithm.RS256, kid, new RSASSASigner(rsa));
            assertThatThrownBy(() -> verifier.verify(byRsa)).isInstanceOf(InvalidTokenException.class);
        }
        String byPs256 = accessToken(JWSAlgorithm.PS256, rsa.getKeyID(), new RSASSASigner(rsa));
        assertThatThrownBy(() -> verifier.verify(byPs256)).isInstanceOf(InvalidTokenException.class);
        String mixed = accessToken(JWSAlgorithm.ES256, rsa.getKeyID(), new ECDSASigner(ec));
        assertThatThrownBy(() -> verifier.verify(mixed)).isInstanceOf(InvalidTokenException.class);
        // As if the public key were a shared secret.
        String byHmac = accessToken(
                JWSAlgorithm.HS256,
                rsa.getKeyID(),
                new MACSigner(rsa.toRSAPublicKey().getEncoded()));
        assertThatThrownBy(() -> verifier.verify(byHmac)).isInstanceOf(InvalidTokenException.class);
    }

    private String accessToken(JWSAlgorithm algorithm, String kid, JWSSigner signer) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(algorithm)
                        .type(new JOSEObjectType(AccessToken.TYPE))
                        .keyID(kid)
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer("issuer")
                        .audience("audience")
                        .subject("client")
                        .claim("client_id", "client")
                        .jwtID("id")
                        .issueTime(Date.from(replica.clock.get()))
                        .expirationTime(Date.from(replica.clock.get().plusSeconds(60)))
                        .build());
        token.sign(signer);
        return token.serialize();
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
