using System.Collections.Concurrent;

namespace Decant.Runtime.Planning;

/// <summary>Weights in the forms that stages compute on, made once and shared by all plans and sessions of a model.</summary>
internal sealed class PackedWeights
{
    private readonly ConcurrentDictionary<(string Value, string Form), Lazy<object>> packed = new();

    /// <summary>A weight in a form, made by the first who asks.</summary>
    public T Get<T>(string value, string form, Func<T> make) where T : class =>
        (T)packed.GetOrAdd((value, form), _ => new Lazy<object>(make)).Value;
}
