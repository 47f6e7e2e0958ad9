using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Techniques;
using Decant.Techniques.Quantization;
using Decant.Techniques.Statistics;

namespace Decant.Runs;

/// <summary>What a run works with beside the network, and what of it techniques may look at.</summary>
/// <param name="Seed">Decides every random choice.</param>
/// <param name="Data">Training data without the validation set; null if the run has none.</param>
/// <param name="HeldOut">The validation set, which techniques do not see; null for none.</param>
/// <param name="Preprocessing">What is done to pixels.</param>
/// <param name="Task">What the network's outputs mean.</param>
/// <param name="Reference">The network that the run began with; null where no technique of the run asks for it.</param>
/// <param name="Teacher">Another network to learn from; null if the run has none.</param>
/// <param name="Statistics">Statistics of the network's values; null if they are to be gathered.</param>
internal sealed record RunSetting(
    ulong Seed,
    IDataSource? Data,
    IDataSource? HeldOut,
    Preprocessing Preprocessing,
    LearningTask Task,
    Network? Reference,
    Teacher? Teacher,
    NetworkStatistics? Statistics
)
{
    /// <summary>Scales and zero points that quantization takes as they are; null where it finds all.</summary>
    public QuantizationParameters? Parameters { get; init; }

    /// <summary>The most threads that observing a network takes; 0 for one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>Stops the run.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The setting of a recipe's run.</summary>
    public static RunSetting Of(
        Pipeline recipe,
        CompressionOptions options,
        Preprocessing preprocessing,
        LearningTask task,
        Network? reference
    )
    {
        (IDataSource? train, IDataSource? heldOut) = (options.Train, null);
        if (recipe.HoldOut > 0 && train is not null)
            (train, heldOut) = train.Split(recipe.HoldOut, options.Seed);
        return new RunSetting(
            options.Seed,
            train,
            heldOut,
            preprocessing,
            task,
            reference,
            RunTeacher.Of(options, preprocessing),
            options.Statistics
        )
        {
            Parameters = options.Parameters,
            Threads = options.Threads,
        };
    }
}

/// <summary>
/// The other network that a run learns from. What does not fit is an error before the run does anything.
/// </summary>
internal static class RunTeacher
{
    /// <summary>Checks that a teacher is given where the recipe asks for one, and nowhere else.</summary>
    /// <exception cref="DecantException">It is not.</exception>
    public static void Check(Pipeline recipe, CompressionOptions options)
    {
        if (recipe.NeedsTeacher && options.Teacher is null)
            throw new DecantException(
                $"recipe '{recipe.Name}' learns from another network ('from: teacher'): the run has none"
            );
        if (!recipe.NeedsTeacher && options.Teacher is not null)
            throw new DecantException(
                $"recipe '{recipe.Name}' learns from no other network, and the run has one; a "
                    + "distillation needs 'from: teacher'"
            );
    }

    /// <summary>The teacher, for any number of images at once; null if the run has none.</summary>
    /// <param name="options">What the run works with.</param>
    /// <param name="pixels">The run's preprocessing: where it is the default or none, so is that of a teacher that
    /// says nothing of itself.</param>
    /// <exception cref="ModelException">The teacher takes one image at a time and cannot be changed.</exception>
    /// <exception cref="DataException">What the teacher says of its preprocessing is not understood.</exception>
    public static Teacher? Of(CompressionOptions options, Preprocessing pixels)
    {
        if (options.Teacher is not { } network)
            return null;
        Preprocessing? own = Preprocessings.SaidBy(network)
            ?? (pixels == Preprocessings.Default || pixels == Preprocessing.None ? pixels : null);
        return new Teacher(DynamicBatch.Of(network), own);
    }

    /// <summary>SHA-256 of the teacher as a container; empty if the run has none.</summary>
    public static string HashOf(CompressionOptions options, CancellationToken cancellation)
    {
        if (options.Teacher is not { } network)
            return "";
        using var state = new RunState(network, options.Threads, cancellation);
        return state.Hash();
    }

    /// <summary>Has each technique that learns from the teacher begin, and stops it at once.</summary>
    /// <exception cref="DecantException">The teacher does not fit the network or the data.</exception>
    public static void Try(IReadOnlyList<RunUnit> units, Network network, RunSetting setting)
    {
        foreach (RunUnit unit in units.Where(u => u.Round == 1))
            for (int use = 0; use < unit.Stage.Uses.Count; use++)
                if (unit.Stage.Uses[use].Technique.NeedsTeacher)
                    unit.HookOf(use, network, setting)?.Dispose();
    }
}
