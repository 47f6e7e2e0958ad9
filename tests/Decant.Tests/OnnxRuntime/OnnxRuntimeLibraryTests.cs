using Decant.OnnxRuntime;
using Decant.Tests.Data;
using Xunit;

namespace Decant.Tests.OnnxRuntime;

public sealed class OnnxRuntimeLibraryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment = [];
    private static readonly string Name =
        OperatingSystem.IsWindows() ? "onnxruntime.dll"
        : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib"
        : "libonnxruntime.so.1";

    public OnnxRuntimeLibraryTests() => environment["XDG_CACHE_HOME"] = folder["cache"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WithoutALibraryTheMessageSaysHowToGetOne()
    {
        var (path, problem) = Find();
        Assert.Null(path);
        Assert.Equal(
            "ONNX Runtime is not here (looked beside the application and in "
                + $"{folder["cache/decant/onnxruntime"]}): './dev onnxruntime' fetches it, "
                + "or DECANT_ONNXRUNTIME names the library (libonnxruntime.so of onnxruntime-node or of ONNX "
                + "Runtime's own releases)",
            problem
        );
    }

    [Fact]
    public void TheVariableGoesFirstThenTheApplicationThenTheNewestInTheCache()
    {
        string old = Library("cache/decant/onnxruntime/1.9.0"),
            recent = Library("cache/decant/onnxruntime/1.30.0");
        Library("cache/decant/onnxruntime/odd");
        Assert.Equal((recent, null), Find());
        string beside = Library("application");
        Assert.Equal((beside, null), Find());
        environment["DECANT_ONNXRUNTIME"] = Path.GetDirectoryName(old)!;
        Assert.Equal((old, null), Find());
        environment["DECANT_ONNXRUNTIME"] = recent;
        Assert.Equal((recent, null), Find());
    }

    [Fact]
    public void WhatTheVariableNamesIsNotLookedForElsewhere()
    {
        Library("application");
        environment["DECANT_ONNXRUNTIME"] = folder["none"];
        var (path, problem) = Find();
        Assert.Null(path);
        Assert.StartsWith($"DECANT_ONNXRUNTIME is {folder["none"]}, where there is no ", problem);
    }

    [Fact]
    public void AFileThatIsNoLibraryIsAProblemNotACrash()
    {
        string file = folder.Write(Name, [1, 2, 3]);
        Assert.StartsWith($"{file} does not load as ONNX Runtime: ", OnnxRuntimeLibrary.Load((file, null)).Problem);
    }

    private string Library(string place) => folder.Write(Path.Combine(place, Name), []);

    private (string?, string?) Find() =>
        LibrarySearch.Find(n => environment.GetValueOrDefault(n), folder["application"]);
}
