namespace Decant.Training.Data;

/// <summary>How far a download is.</summary>
/// <param name="File">The file being fetched.</param>
/// <param name="Done">Its bytes so far.</param>
/// <param name="Size">All its bytes.</param>
public readonly record struct DownloadProgress(string File, long Done, long Size);
