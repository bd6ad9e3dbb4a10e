using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlowChat.Queues.Tests;

/// <summary>An authority that nobody trusts yet, for servers on 127.0.0.1.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 certificate;

    private TestAuthority(X509Certificate2 certificate) => this.certificate = certificate;

    public static TestAuthority Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return new(request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1)));
    }

    /// <returns>The file.</returns>
    public async Task<string> WriteAsync(string file, CancellationToken ct)
    {
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), ct);
        return file;
    }

    public async Task WriteServerAsync(string certificateFile, string keyFile, CancellationToken ct)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var server = request.Create(
            certificate,
            new DateTimeOffset(certificate.NotBefore),
            new DateTimeOffset(certificate.NotAfter),
            [1, 2, 3, 4]
        );
        await File.WriteAllTextAsync(certificateFile, server.ExportCertificatePem(), ct);
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), ct);
    }

    public void Dispose() => certificate.Dispose();
}
