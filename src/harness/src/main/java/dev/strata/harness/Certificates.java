package dev.strata.harness;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority for one control plane. RSA keys in PKCS#1 form, because the Fabric8
 * client cannot read an elliptic client key in PKCS#8 form.
 */
final class Certificates {
  private static final Duration VALID = Duration.ofDays(30);
  private static final X500Name AUTHORITY = new X500Name("CN=strata-harness");

  private final Clock clock;
  private final KeyPair key;
  private final X509CertificateHolder certificate;

  /** A key and its certificate, PEM. */
  record Identity(String certificate, String key) {}

  Certificates(Clock clock) {
    this.clock = clock;
    key = newKey();
    certificate = sign(AUTHORITY, key, List.of(), true);
  }

  /** The authority's certificate, PEM. */
  String authority() {
    return pem(certificate);
  }

  /** A server's certificate for these DNS names and addresses. */
  Identity server(String name, List<String> names) {
    KeyPair own = newKey();
    X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, name).build();
    return new Identity(pem(sign(subject, own, names, false)), pem(own.getPrivate()));
  }

  /** A client's certificate: Kubernetes reads the user from CN and its groups from O. */
  Identity client(String user, List<String> groups) {
    X500NameBuilder subject = new X500NameBuilder();
    groups.forEach(group -> subject.addRDN(BCStyle.O, group));
    subject.addRDN(BCStyle.CN, user);
    KeyPair own = newKey();
    return new Identity(pem(sign(subject.build(), own, List.of(), false)), pem(own.getPrivate()));
  }

  /** A key pair without a certificate (ServiceAccount tokens): public key and private key, PEM. */
  static Identity bareKey() {
    KeyPair pair = newKey();
    return new Identity(pem(pair.getPublic()), pem(pair.getPrivate()));
  }

  private X509CertificateHolder sign(
      X500Name subject, KeyPair own, List<String> names, boolean authority) {
    Instant now = clock.instant();
    var builder =
        new JcaX509v3CertificateBuilder(
            AUTHORITY,
            new BigInteger(96, new SecureRandom()),
            Date.from(now.minusSeconds(300)),
            Date.from(now.plus(VALID)),
            subject,
            own.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (authority) {
        builder.addExtension(
            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      } else {
        builder.addExtension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(
                new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
      }
      if (!names.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                names.stream().map(Certificates::generalName).toArray(GeneralName[]::new)));
      }
      return builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(key.getPrivate()));
    } catch (CertIOException | OperatorCreationException e) {
      throw new IllegalStateException("cannot sign a certificate for " + subject, e);
    }
  }

  private static GeneralName generalName(String name) {
    boolean address = name.matches("[0-9.]+");
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no RSA", e);
    }
  }

  private static String pem(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Writes {@code name.crt} and {@code name.key} into a folder. */
  static void write(Path folder, String name, Identity identity) {
    try {
      Files.writeString(folder.resolve(name + ".crt"), identity.certificate());
      Files.writeString(folder.resolve(name + ".key"), identity.key());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Base 64 as kubeconfig files hold PEM texts. */
  static String base64(String pem) {
    return java.util.Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
  }
}
