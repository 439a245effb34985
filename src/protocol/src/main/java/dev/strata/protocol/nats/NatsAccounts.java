package dev.strata.protocol.nats;

import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import io.nats.client.NKey;
import io.nats.client.support.JsonSerializable;
import io.nats.client.support.JwtUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a NATS server in operator mode trusts, and the users minted with them: one user per
 * pod with rights to its own subjects, one for the operator. Servers verify a user by its JWT
 * alone, so a reconnect does not depend on the operator. Minting needs BouncyCastle; agents only
 * sign, see {@link SeedAuth}.
 *
 * @param accountSeed seed of the account key (SA...), the one secret that mints users
 * @param operatorJwt names the trust root and the system account
 * @param systemAccount public key of the system account
 * @param systemJwt JWT of the system account
 * @param account public key of the agents' account
 * @param accountJwt JWT of the agents' account
 */
public record NatsAccounts(
    String accountSeed,
    String operatorJwt,
    String systemAccount,
    String systemJwt,
    String account,
    String accountJwt) {

  private static final String LIMITS =
      "\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,\"wildcards\":true,"
          + "\"conn\":-1,\"leaf\":-1,\"mem_storage\":%d,\"disk_storage\":%d,\"streams\":%d,\"consumer\":%d}";

  /** Makes a new set of keys. */
  public static NatsAccounts generate(Clock clock) {
    try {
      NKey operator = NKey.createOperator(null);
      NKey system = NKey.createAccount(null);
      NKey account = NKey.createAccount(null);
      long now = clock.instant().getEpochSecond();
      String operatorKey = publicKey(operator);
      String operatorClaim =
          "{\"type\":\"operator\",\"version\":2,\"system_account\":\"" + publicKey(system) + "\"}";
      return new NatsAccounts(
          new String(account.getSeed()),
          issue(operator, operatorKey, "strata", now, operatorKey, operatorClaim),
          publicKey(system),
          issue(operator, publicKey(system), "SYS", now, operatorKey, accountClaim(0)),
          publicKey(account),
          issue(operator, publicKey(account), "agents", now, operatorKey, accountClaim(-1)));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot make NATS keys", e);
    }
  }

  /** The lines of a server configuration that make it trust these keys. */
  public String serverConfiguration() {
    return """
    operator: %s
    system_account: %s
    resolver: MEMORY
    resolver_preload: {
      %s: %s
      %s: %s
    }
    """
        .formatted(operatorJwt, systemAccount, systemAccount, systemJwt, account, accountJwt);
  }

  /** A user for the operator or an administrator: all subjects of the account. */
  public Credentials administrator(String name, Clock clock) {
    var everything = new JwtUtils.Permission().allow(">");
    var claim = new JwtUtils.UserClaim(account).pub(everything).sub(everything);
    String seed = newSeed(name);
    return new Credentials(jwt(name, seed, null, claim, clock), seed);
  }

  /**
   * A user for one pod: speaks only under its own name, hears only what is addressed to it, has an
   * inbox of its own, and may use the work lane of its pool. What is in the streams it can only add
   * to, and take out by acknowledging what was delivered.
   *
   * @param validity how long servers accept it
   */
  public Credentials agent(String pool, String pod, Duration validity, Clock clock) {
    return agent(pool, pod, null, validity, clock);
  }

  /**
   * Likewise, of a pod that asks another pool whether its outputs are correct: it may also hand
   * tasks to that pool and read what comes of them, and nothing else of it.
   *
   * @param verifier UID of that pool; null or empty: none
   */
  public Credentials agent(
      String pool, String pod, @Nullable String verifier, Duration validity, Clock clock) {
    String seed = newSeed(pod);
    return new Credentials(agent(pool, pod, verifier, seed, validity, clock), seed);
  }

  /**
   * The JWT of the same, for a user with a key of its own.
   *
   * @param seed of that key
   */
  public String agent(
      String pool,
      String pod,
      @Nullable String verifier,
      String seed,
      Duration validity,
      Clock clock) {
    String tasks = Subjects.taskStream(pool);
    List<String> publish =
        new ArrayList<>(
            List.of(
                Subjects.heartbeat(pool, pod),
                Subjects.telemetry(pool, pod),
                Subjects.peer(pool, "*"),
                Subjects.ask(pool, "*"),
                Subjects.opinion(pool, "*"),
                Subjects.cancel(pool),
                Subjects.result(pool, "*"),
                Subjects.deadLetter(pool, "*"),
                Subjects.attempt(pool, "*"),
                "$JS.ACK." + tasks + ".>"));
    for (String stream : streams(pool)) {
      publish.add(LastMessage.right(stream));
    }
    for (Priority priority : Priority.WORK) {
      publish.add(Subjects.tasks(pool, priority));
      publish.add("$JS.API.CONSUMER.MSG.NEXT." + tasks + "." + Subjects.consumer(priority));
    }
    List<String> subscribe =
        new ArrayList<>(
            List.of(
                Subjects.control(pool, pod),
                Subjects.peer(pool, pod),
                Subjects.ask(pool, pod),
                Subjects.opinion(pool, pod),
                Subjects.cancel(pool),
                Subjects.result(pool, "*"),
                inboxPrefix(pod) + ">"));
    if (verifier != null && !verifier.isEmpty()) {
      publish.add(Subjects.task(verifier, Priority.NORMAL, "*"));
      publish.add(LastMessage.right(Subjects.resultStream(verifier)));
      subscribe.add(Subjects.result(verifier, "*"));
    }
    return jwt(
        pod,
        seed,
        validity,
        new JwtUtils.UserClaim(account)
            .pub(new JwtUtils.Permission().allow(publish.toArray(String[]::new)))
            .sub(new JwtUtils.Permission().allow(subscribe.toArray(String[]::new))),
        clock);
  }

  /**
   * A user for somebody outside who hands work to one pool over NATS and reads the results. Its
   * name is made from the label and its own key, so no pod and no other user has its inbox.
   *
   * @param validity how long servers accept it
   */
  public Credentials submitter(String pool, String label, Duration validity, Clock clock) {
    String seed = newSeed(label);
    String name = "user_" + label + "_" + publicKeyOf(seed);
    List<String> publish = new ArrayList<>();
    for (Priority priority : Priority.WORK) {
      publish.add(Subjects.tasks(pool, priority));
    }
    for (String stream : streams(pool)) {
      publish.add(LastMessage.right(stream));
    }
    var claim =
        new JwtUtils.UserClaim(account)
            .pub(new JwtUtils.Permission().allow(publish.toArray(String[]::new)))
            .sub(
                new JwtUtils.Permission()
                    .allow(Subjects.result(pool, "*"), inboxPrefix(name) + ">"));
    return new Credentials(jwt(name, seed, validity, claim, clock), seed);
  }

  /** The inbox prefix of a user: replies of one are not readable by another. Ends with a dot. */
  public static String inboxPrefix(String name) {
    return "_INBOX_" + name + ".";
  }

  private static List<String> streams(String pool) {
    return List.of(
        Subjects.taskStream(pool), Subjects.resultStream(pool), Subjects.deadLetterStream(pool));
  }

  private static String newSeed(String name) {
    try {
      return new String(NKey.createUser(null).getSeed());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot make a key for " + name, e);
    }
  }

  private static String publicKeyOf(String seed) {
    try {
      return publicKey(NKey.fromSeed(seed.toCharArray()));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot read the key of a NATS user", e);
    }
  }

  /**
   * @param validity null: for good
   */
  private String jwt(
      String name,
      String seed,
      @Nullable Duration validity,
      JwtUtils.UserClaim claim,
      Clock clock) {
    try {
      NKey issuer = NKey.fromSeed(accountSeed.toCharArray());
      return JwtUtils.issueUserJWT(
          issuer, publicKeyOf(seed), name, validity, clock.instant().getEpochSecond(), claim);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot mint a NATS user for " + name, e);
    }
  }

  private static String issue(
      NKey signer, String subject, String name, long now, String issuer, String claim)
      throws GeneralSecurityException, IOException {
    JsonSerializable body = () -> claim;
    return JwtUtils.issueJWT(signer, subject, name, (Duration) null, now, issuer, null, body);
  }

  private static String accountClaim(int jetStream) {
    return "{"
        + LIMITS.formatted(jetStream, jetStream, jetStream, jetStream)
        + ",\"type\":\"account\",\"version\":2}";
  }

  private static String publicKey(NKey key) throws GeneralSecurityException, IOException {
    return new String(key.getPublicKey());
  }

  @Override
  public String toString() {
    return "NatsAccounts[" + account + "]";
  }

  /** The Secret's keys and values that keep this record: see {@link #fromSecret}. */
  public java.util.Map<String, String> toSecret() {
    return java.util.Map.of(
        "account.seed", accountSeed,
        "operator.jwt", operatorJwt,
        "system.account", systemAccount,
        "system.jwt", systemJwt,
        "account", account,
        "account.jwt", accountJwt);
  }

  /**
   * Reads what {@link #toSecret} gave, values decoded.
   *
   * @throws IllegalArgumentException naming the key that is missing
   */
  public static NatsAccounts fromSecret(java.util.Map<String, byte[]> data) {
    return new NatsAccounts(
        value(data, "account.seed"),
        value(data, "operator.jwt"),
        value(data, "system.account"),
        value(data, "system.jwt"),
        value(data, "account"),
        value(data, "account.jwt"));
  }

  private static String value(java.util.Map<String, byte[]> data, String key) {
    byte[] bytes = data.get(key);
    if (bytes == null) {
      throw new IllegalArgumentException("the Secret with the NATS keys lacks the key " + key);
    }
    return new String(bytes, StandardCharsets.UTF_8).strip();
  }
}
