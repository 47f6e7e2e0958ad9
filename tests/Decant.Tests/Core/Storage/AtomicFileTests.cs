using Decant.Core;
using Decant.Tests.Data;
using Xunit;

namespace Decant.Tests.Storage;

public sealed class AtomicFileTests
{
    [Fact]
    public void AFailedWriteLeavesTheOldFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder["a"], "old");
        var e = Assert.Throws<DecantException>(() => AtomicFile.Write(folder["a"], stream =>
            {
                stream.Write("new"u8);
                throw new IOException("No space left on device");
            }));
        Assert.Contains("No space left", e.Message);
        Assert.Throws<InvalidOperationException>(() =>
            AtomicFile.Write(folder["a"], _ => throw new InvalidOperationException())
        );
        Assert.Equal("old", File.ReadAllText(folder["a"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void WhatAKilledProcessLeftIsRemovedAndWhatIsBeingWrittenStays()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.123-4.tmp"], "half");
        File.WriteAllText(folder["ab.123-4.tmp"], "another file's");
        AtomicFile.Write(folder["a"], stream =>
        {
            stream.Write("outer"u8);
            AtomicFile.Write(folder["a"], "inner");
        });
        Assert.Equal("outer", File.ReadAllText(folder["a"]));
        Assert.Equal(
            ["a", "ab.123-4.tmp"],
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void ATemporaryFileLeavesNothing()
    {
        using FileStream file = TemporaryFile.Create();
        file.Write("some"u8);
        file.Position = 0;
        Assert.Equal('s', file.ReadByte());
        if (!OperatingSystem.IsWindows())
            Assert.False(File.Exists(file.Name));
    }

    [Fact]
    public void AFolderThatIsAFileIsSaid()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder["a"], "old");
        Assert.Throws<DecantException>(() => AtomicFile.Write(folder["a/b"], "new"));
        Assert.Throws<DecantException>(() => AtomicFile.Write("/proc/none/b", "new"));
        Assert.Equal("old", File.ReadAllText(folder["a"]));
    }

    [SkippableFact]
    public void AFullDiskIsSaid()
    {
        // A write of the temporary neighbour cannot be made to meet /dev/full, but a stream to it can.
        Skip.IfNot(File.Exists("/dev/full"), "there is no /dev/full here");
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder["a"], "old");
        Assert.Throws<DecantException>(() => AtomicFile.Write(folder["a"], stream =>
            {
                using var full = new FileStream(
                    "/dev/full",
                    FileMode.Open,
                    FileAccess.Write,
                    FileShare.ReadWrite,
                    bufferSize: 0
                );
                full.Write(new byte[100]);
            }));
        Assert.Equal("old", File.ReadAllText(folder["a"]));
    }

    [Fact]
    public void FilesAreReplacedAndNoFolderIsMade()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(
            $"cannot write {folder["x/y/z"]}: the folder {folder["x/y"]} does not exist; make it, or name another",
            Assert.Throws<DecantException>(() => AtomicFile.Write(folder["x/y/z"], "1")).Message
        );
        Assert.False(Directory.Exists(folder["x"]));
        Directory.CreateDirectory(folder["x/y"]);
        AtomicFile.Write(folder["x/y/z"], "1");
        AtomicFile.Write(folder["x/y/z"], "2");
        Assert.Equal("2", File.ReadAllText(folder["x/y/z"]));
        Assert.Single(Directory.GetFiles(folder["x/y"]));
    }
}
