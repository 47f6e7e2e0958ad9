using System.CommandLine;
using Decant.Torch;

namespace Decant.Cli.Commands;

/// <summary>The flags of every command that runs libtorch: how many threads it uses, and where.</summary>
internal sealed class TorchOptions
{
    private readonly Option<int> threads;
    private readonly Option<string> device = new("--device") { Description = "where libtorch computes: cpu, cuda, cuda:1 …", DefaultValueFactory = _ => LibTorch.Processor };

    public TorchOptions(Command command, int otherwise = 0)
    {
        threads = new("--threads") { Description = $"threads of libtorch; 0 for one a core ({otherwise})", DefaultValueFactory = _ => otherwise };
        command.Options.Add(threads);
        command.Options.Add(device);
    }

    /// <summary>Whether libtorch is to compute elsewhere than on the processor.</summary>
    public bool IsElsewhere(ParseResult parsed) => parsed.GetValue(device) != LibTorch.Processor;

    /// <summary>Sets libtorch up. Without libtorch only <c>cpu</c> is accepted.</summary>
    /// <exception cref="TorchException">There is no such device, or no libtorch.</exception>
    public void Use(ParseResult parsed)
    {
        UseThreads(parsed.GetValue(threads));
        if (parsed.GetValue(device) is { } where && where != LibTorch.Device) LibTorch.Device = where;
    }

    /// <summary>Threads of libtorch's operators; 0 for one a core.</summary>
    public static void UseThreads(int wanted)
    {
        if (LibTorch.IsAvailable) LibTorch.Threads = wanted > 0 ? wanted : Environment.ProcessorCount;
    }
}
