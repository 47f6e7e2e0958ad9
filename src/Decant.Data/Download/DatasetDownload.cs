using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Fetches data sets into a folder: what `decant data get` does. Nothing is in its place before it is whole and its
/// SHA-256 is right.
/// </summary>
public sealed class DatasetDownload(HttpClient client)
{
    /// <summary>Fetches what is not there yet.</summary>
    /// <param name="set">What to fetch, such as <see cref="DatasetCatalogue.Get"/> gives.</param>
    /// <param name="root">The folder that gets a folder of the set's name; <see cref="DataRoot.Downloads"/>.</param>
    /// <param name="progress">Told now and then; may be null.</param>
    /// <param name="cancellation">Ends it early; nothing half done stays.</param>
    /// <returns>The set's folder.</returns>
    /// <exception cref="DataException">No address gave the right file; each address's failure is named.</exception>
    /// <exception cref="DecantException">The folder cannot be written.</exception>
    public async Task<string> Get(
        RemoteDataset set,
        string root,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        string folder = Path.Combine(root, set.Name);
        try
        {
            Directory.CreateDirectory(folder);
            if (set.Members.IsEmpty)
                foreach (RemoteFile file in set.Files)
                    await GetFile(file, folder, progress, cancellation).ConfigureAwait(false);
            else if (!set.Members.All(m => IsThere(folder, m.Name, m.Size)))
                await GetArchive(set, folder, progress, cancellation).ConfigureAwait(false);
            return folder;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DecantException($"cannot write {folder}: {e.Message}; name another data root", e);
        }
        catch (IOException e)
        {
            throw new DecantException($"cannot write {folder}: {e.Message}", e);
        }
    }

    private async Task GetArchive(
        RemoteDataset set,
        string folder,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellation
    )
    {
        RemoteFile archive = set.Files.Single();
        string path = Path.Combine(folder, archive.Name);
        await GetFile(archive, folder, progress, cancellation).ConfigureAwait(false);
        ArchiveMembers.Unpack(path, set.Members, folder, cancellation);
        File.Delete(path);
    }

    private async Task GetFile(
        RemoteFile file,
        string folder,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellation
    )
    {
        string path = Path.Combine(folder, file.Name);
        if (
            IsThere(folder, file.Name, file.Size)
            && await FileFetch.HashOf(path, cancellation).ConfigureAwait(false) == file.Sha256
        )
            return;
        var failures = new List<string>();
        foreach (Uri address in file.Addresses)
        {
            try
            {
                await FileFetch.Get(client, address, file, path, progress, cancellation).ConfigureAwait(false);
                return;
            }
            catch (DataException e)
            {
                failures.Add($"{address}: {e.Message}");
            }
        }
        throw new DataException(
            $"{file.Name} could not be fetched: {string.Join("; ", failures)}; "
                + $"put the file into {folder} by hand, or try again later"
        );
    }

    private static bool IsThere(string folder, string name, long size) =>
        new FileInfo(Path.Combine(folder, name)) is { Exists: true } there && there.Length == size;
}

/// <summary>How far a download is.</summary>
/// <param name="File">The file being fetched.</param>
/// <param name="Done">Its bytes so far.</param>
/// <param name="Size">All its bytes.</param>
public readonly record struct DownloadProgress(string File, long Done, long Size);
