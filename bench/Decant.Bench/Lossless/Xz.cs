using System.ComponentModel;
using System.Diagnostics;
using Decant.Core;

namespace Decant.Bench;

/// <summary>The program xz, as a peer.</summary>
internal static class Xz
{
    /// <summary>
    /// How many bytes xz -9e makes of a .onnx file followed by the files beside it whose names begin with its own
    /// (model.onnx.data).
    /// </summary>
    /// <exception cref="DecantException">There is no xz, or it failed.</exception>
    public static long Length(string path)
    {
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } f ? f : ".";
        IEnumerable<string> files = Directory
            .EnumerateFiles(folder, Path.GetFileName(path) + "*")
            .Order(StringComparer.Ordinal);
        try
        {
            using Process xz = Process.Start(
                new ProcessStartInfo("xz", ["-9e", "-T1", "-c"])
                {
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                }
            ) ?? throw new DecantException("xz does not start");
            Task<long> made = Task.Run(() => Count(xz.StandardOutput.BaseStream));
            foreach (string file in files)
            {
                using FileStream stream = File.OpenRead(file);
                stream.CopyTo(xz.StandardInput.BaseStream);
            }
            xz.StandardInput.Close();
            xz.WaitForExit();
            return xz.ExitCode == 0 ? made.Result : throw new DecantException($"xz failed on {path}");
        }
        catch (Win32Exception e)
        {
            throw new DecantException($"xz is not here: apt-get install xz-utils ({e.Message})", e);
        }
    }

    private static long Count(Stream stream)
    {
        var buffer = new byte[1 << 16];
        long total = 0;
        for (int n; (n = stream.Read(buffer)) > 0; )
            total += n;
        return total;
    }
}
