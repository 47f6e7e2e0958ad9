using System.Security.Cryptography;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Fetches one file from one address: to a temporary neighbour, never longer than promised, hashed on the way, then
/// moved into place.
/// </summary>
internal static class FileFetch
{
    private const int BufferSize = 1 << 16;

    /// <exception cref="DataException">The server does not answer, or gives another file.</exception>
    public static async Task Get(
        HttpClient client,
        Uri address,
        RemoteFile file,
        string path,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellation
    )
    {
        string temporary = $"{path}.{Environment.ProcessId}.part";
        try
        {
            string hash = await Save(client, address, file, temporary, progress, cancellation).ConfigureAwait(false);
            if (hash != file.Sha256)
                throw new DataException($"the file's SHA-256 is {hash}, not {file.Sha256}");
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public static async Task<string> HashOf(string path, CancellationToken cancellation)
    {
        using var stream = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            BufferSize,
            useAsync: true
        );
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation).ConfigureAwait(false));
    }

    private static async Task<string> Save(
        HttpClient client,
        Uri address,
        RemoteFile file,
        string temporary,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellation
    )
    {
        using var to = new FileStream(
            temporary,
            FileMode.Create,
            FileAccess.Write,
            FileShare.None,
            BufferSize,
            useAsync: true
        );
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using HttpResponseMessage response = await Ask(client, address, file, cancellation).ConfigureAwait(false);
        using Stream from = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var buffer = new byte[BufferSize];
        long done = 0;
        while (await Read(from, buffer, done, cancellation).ConfigureAwait(false) is > 0 and var read)
        {
            done += read;
            if (done > file.Size)
                throw new DataException($"more than the {file.Size} bytes expected came");
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            progress?.Report(new(file.Name, done, file.Size));
        }
        if (done < file.Size)
            throw new DataException($"only {done} of {file.Size} bytes came");
        await to.FlushAsync(cancellation).ConfigureAwait(false);
        to.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task<HttpResponseMessage> Ask(
        HttpClient client,
        Uri address,
        RemoteFile file,
        CancellationToken cancellation
    )
    {
        HttpResponseMessage response;
        try
        {
            response = await client
                .GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation)
                .ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new DataException(e.Message, e);
        }
        catch (TaskCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new DataException("no answer in time", e);
        }
        string? wrong =
            !response.IsSuccessStatusCode ? $"the server answers {(int)response.StatusCode} {response.ReasonPhrase}"
            : response.Content.Headers.ContentLength is { } length && length != file.Size
                ? $"the server offers {length} bytes, not {file.Size}"
            : null;
        if (wrong is null)
            return response;
        response.Dispose();
        throw new DataException(wrong);
    }

    // What breaks here broke on the network; what breaks at the file is for the caller to tell apart.
    private static async Task<int> Read(Stream from, byte[] buffer, long done, CancellationToken cancellation)
    {
        try
        {
            return await from.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new DataException($"the connection broke after {done} bytes: {e.Message}", e);
        }
    }
}
