using Decant.Core;
using Decant.Data;
using Decant.Techniques.Quantization;
using Decant.Techniques.Statistics;
using Decant.Training;

namespace Decant.Techniques;

/// <summary>
/// One way to compress, with its options. It plans first, says what it will do to which weight and why, and changes
/// nothing until a planned change is applied. It may also take part in the training that follows.
/// </summary>
public abstract class Technique
{
    /// <summary>The name that recipes call it by.</summary>
    public abstract string Name { get; }

    /// <summary>Its options; <see cref="NoOptions"/> where it has none.</summary>
    public virtual TechniqueOptions Options => NoOptions.Instance;

    /// <summary>Whether planning looks at training images.</summary>
    public virtual bool NeedsData => false;

    /// <summary>Whether it has an effect only on the training of its stage, which then must have epochs.</summary>
    public virtual bool NeedsTraining => false;

    /// <summary>Whether planning takes gradients, and so needs libtorch.</summary>
    public virtual bool NeedsGradients => false;

    /// <summary>
    /// Whether statistics that were collected before its changes still describe the network after them, because they
    /// only round.
    /// </summary>
    public virtual bool KeepsStatistics => false;

    /// <summary>Whether it looks at the network that the run began with.</summary>
    public virtual bool NeedsReference => false;

    /// <summary>Whether it learns from another network, which the run must be given.</summary>
    public virtual bool NeedsTeacher => false;

    /// <summary>
    /// The statistics that <see cref="Plan"/> will ask for. A run collects those of all techniques of a stage in one
    /// pass over the data, before the first of them plans.
    /// </summary>
    /// <param name="context">What will be planned on.</param>
    /// <exception cref="DecantException">A weight or layer cannot be treated; it is named.</exception>
    public virtual IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context) => [];

    /// <summary>Says what will be done before the round trains.</summary>
    /// <param name="context">What to plan on.</param>
    /// <returns>The changes; a weight that stays as it is has none.</returns>
    /// <exception cref="DecantException">A weight or layer cannot be treated; it is named.</exception>
    public virtual IReadOnlyList<PlannedChange> Plan(TechniqueContext context) => [];

    /// <summary>
    /// What takes part in the training of the round: a regularizer, weights' parameterizations, a schedule. Null for
    /// nothing.
    /// </summary>
    /// <param name="context">As for <see cref="Plan"/>, but with the network that is trained.</param>
    public virtual TrainingHook? During(TechniqueContext context) => null;

    /// <summary>Techniques are equal if they are of one type and have equal options.</summary>
    public sealed override bool Equals(object? obj) =>
        obj is Technique other && other.GetType() == GetType() && Options.Equals(other.Options);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => HashCode.Combine(GetType(), Options);
}

/// <summary>A technique with options of its own.</summary>
/// <typeparam name="TOptions">The type of its options.</typeparam>
public abstract class Technique<TOptions> : Technique
    where TOptions : TechniqueOptions
{
    /// <summary>Takes the options.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="OptionsException">An option is out of range, or options contradict each other.</exception>
    protected Technique(TOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionSchema.Of(options.GetType()).Check(options);
        Options = options;
    }

    /// <inheritdoc/>
    public sealed override TOptions Options { get; }
}

/// <summary>
/// Options of a technique: an immutable record whose properties can be initialized and have sensible defaults. Each
/// property is a key in recipes, in kebab case; attributes such as <see cref="OptionRangeAttribute"/> say what it may
/// be. A property may be a number, a word, an enumeration, a <see cref="ValueList{T}"/>, a type with Parse,
/// or one of several <see cref="NamedOptions"/>.
/// </summary>
public abstract record TechniqueOptions : IOptions
{
    /// <inheritdoc/>
    public virtual void Validate() { }
}

/// <summary>Of techniques without options.</summary>
public sealed record NoOptions : TechniqueOptions
{
    /// <summary>The only ones there are.</summary>
    public static NoOptions Instance { get; } = new();
}

/// <summary>What a technique will do to one weight, layer or group of channels.</summary>
/// <param name="Target">The weight's, layer's or group's name.</param>
/// <param name="What">What will be done and why, in one line for a person.</param>
/// <param name="Apply">Makes the changed network. Changes of one plan are applied one after the other, in
/// order.</param>
public sealed record PlannedChange(string Target, string What, Func<Network, Network> Apply)
{
    /// <summary>What a person should know before using the result, in one line; null if nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>A change of one weight's encoding.</summary>
    /// <param name="weight">The weight's name.</param>
    /// <param name="what">What will be done and why, in one line for a person.</param>
    /// <param name="make">Makes the weight's new encoding.</param>
    public static PlannedChange OfWeight(string weight, string what, Func<Encoding> make) =>
        new(weight, what, network =>
            network.With(new Dictionary<string, Encoding>(StringComparer.Ordinal) { [weight] = make() })
        );
}

/// <summary>
/// What a technique plans on: a network, the weights that it is meant for, how far along its schedule it is, and what
/// may help it decide.
/// </summary>
/// <param name="Network">The network as it is now.</param>
/// <param name="Weights">The weights that the recipe selects, in the network's order.</param>
/// <param name="Round">The round of the stage, from 1.</param>
/// <param name="Rounds">How many rounds the stage has.</param>
public sealed record TechniqueContext(Network Network, IReadOnlyList<Weight> Weights, int Round = 1, int Rounds = 1)
{
    /// <summary>How far along the schedule: above 0, and 1 in the last round.</summary>
    public double Progress => (double)Round / Rounds;

    /// <summary>Whether the stage trains.</summary>
    public bool Trains { get; init; }

    /// <summary>Decides every random choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>What the network's outputs mean.</summary>
    public LearningTask Task { get; init; } = new Classification();

    /// <summary>Training data without the validation set; null if the run has none.</summary>
    public IDataSource? Data { get; init; }

    /// <summary>What is done to the pixels of <see cref="Data"/>.</summary>
    public Preprocessing Preprocessing { get; init; } = Preprocessing.None;

    /// <summary>The network that the run began with; null unless <see cref="Technique.NeedsReference"/>.</summary>
    public Network? Reference { get; init; }

    /// <summary>Another network to learn from; null unless <see cref="Technique.NeedsTeacher"/>.</summary>
    public Teacher? Teacher { get; init; }

    /// <summary>
    /// Distributions of the network's activations that were given; null if they are to be collected from
    /// <see cref="Data"/>.
    /// </summary>
    public NetworkStatistics? Statistics { get; init; }

    /// <summary>
    /// Scales and zero points that quantization takes as they are; null where it finds all.
    /// </summary>
    public QuantizationParameters? Parameters { get; init; }

    /// <summary>What was collected for the techniques of the stage; null for nothing.</summary>
    public CollectedStatistics? Collected { get; init; }

    /// <summary>
    /// The most threads that planning and applying the changes take, 0 for one a processor; results do not depend on
    /// it.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>Stops what takes long, in planning and in applying the changes.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Who computes what is spread.</summary>
    internal Workers Workers => new(Threads, Cancellation);

    /// <summary>Statistics by request: those that were collected for the stage, or collected now.</summary>
    /// <param name="requests">What is needed.</param>
    /// <param name="what">What needs them, such as "criterion 'apoz'".</param>
    /// <exception cref="DataException">The run has no training data, or they do not fit the network.</exception>
    /// <exception cref="ModelException">An activation cannot be observed; it is named.</exception>
    public CollectedStatistics Collect(IReadOnlyCollection<StatisticsRequest> requests, string what) =>
        Collected is { } before && requests.All(before.Has)
            ? before
            : CollectedStatistics.Collect(
                Network,
                requests,
                NeedData(what),
                Preprocessing,
                Seed,
                Threads,
                cancellation: Cancellation
            );

    /// <summary>
    /// What criteria measured on <see cref="Data"/> while planning. Contexts made by <c>with</c> share it.
    /// </summary>
    internal Pruning.MeasuredHessians Hessians { get; init; } = new();

    /// <summary>Training data, for a technique that cannot do without.</summary>
    /// <param name="what">What needs them, such as "criterion 'taylor'".</param>
    /// <exception cref="DataException">The run has none.</exception>
    public IDataSource NeedData(string what) =>
        Data ?? throw new DataException($"{what} needs training data, and this run has none");
}

/// <summary>Another network that a run learns from.</summary>
/// <param name="Network">The network; it takes the run's images and tells its classes apart.</param>
/// <param name="Preprocessing">The preprocessing that it says it was trained with; null if that is not
/// known.</param>
public sealed record Teacher(Network Network, Preprocessing? Preprocessing);
