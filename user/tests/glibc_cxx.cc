// A static C++ program: streams, containers, exceptions.
#include <algorithm>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

int main()
{
    std::map<std::string, int> counts;
    std::vector<std::string> words;
    std::ostringstream text;

    for (std::string word; std::cin >> word;)
        counts[word]++;
    for (const auto &[word, count] : counts)
        std::cout << word << ' ' << count << '\n';
    try {
        std::cout << words.at(5);
    } catch (const std::out_of_range &) {
        std::cout << "out of range" << std::endl;
    }
    for (int i = 0; i < 50000; i++)
        words.push_back(std::to_string(i * 7919 % 100003));
    std::sort(words.begin(), words.end());
    text << words[500] << ' ' << 3.14159;
    std::cout << text.str() << '\n';
    throw 5; // nobody catches it: SIGABRT
}
